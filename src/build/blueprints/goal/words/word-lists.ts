function wordSet(lines: string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** Stand before a noun and say nothing about what it is. */
export const DETERMINERS = wordSet([
  'a an the each every all their my our its his her your this that these those some any own one',
]);

/** End a noun phrase wherever they stand. */
export const ENDS_PHRASE = wordSet([
  'and or but plus with without by of to in into on onto for from that which who whose where when is are was were be',
  'has have having had can could may might must should shall will would do does as at per than using via between',
  'belongs belong owned assigned only not no cannot includes include contains contain consists consist defaults',
  "default defaulting it they them if so then up either least most more less greater many several multiple unique required optional mandatory nullable can't mustn't shouldn't isn't",
  "aren't won't don't doesn't we i you there called named me us him them true false connects connect refers",
]);

/** A noun phrase made of these alone names no thing to store. */
export const NO_THING = wordSet([
  'api rest restful service microservice app application system backend server platform website web software',
  'resource entity endpoint route data table model crud management manager tracker database db list catalog catalogue',
  'directory registry module feature functionality thing stuff info information operation support existing standard',
  'simple basic small new clean modern full complete minimal nice good great fast robust secure scalable production',
  'ready quality python typescript fastapi express nestjs http code solution interface frontend ui different various',
]);

/** Of those, nouns: before another noun they say what it is, as in `feature flag` and `support ticket`. */
export const QUALIFIERS = wordSet([
  'service support feature information info application website data list platform system module operation table',
]);

/** Words for programs: what stands before them says what they are about. */
export const PROGRAMS = wordSet([
  'api service app application system backend server platform website site database tool',
]);

/** Things that hold other things: what they are said to have are things to store. */
export const CONTAINERS = wordSet([
  'blog shop store library crm cms wiki forum school university hospital clinic hotel restaurant gym museum marketplace',
  'webshop company warehouse inventory cinema airline bank bookstore bookshop helpdesk portfolio newsroom',
  'project survey quiz questionnaire',
  ...PROGRAMS,
]);

/** After a thing's name they say that it is kept: `todo list`, `book catalogue`. */
export const KEEPS_THINGS = wordSet([
  'list crud tracker catalog catalogue management manager directory',
]);

/** What is done with things that are stored. */
export const KEEPING_VERBS = wordSet([
  'manage manages managing track tracks tracking store stores storing keep keeps keeping save saves saving record',
  'records recording maintain maintains maintaining organise organize organising organizing catalog cataloguing list',
  'lists listing crud',
]);

/** Said of somebody with rights, and only in that sense. */
export const OWNERS = wordSet(['owner owners creator creators author authors']);
export const ADMINS = wordSet(['admin admins administrator administrators']);
export const EVERYBODY = wordSet(['everyone everybody anyone anybody users members']);

/** Adjectives and participles that make a field by themselves: yes or no. */
export const FLAGS = wordSet([
  'done active enabled disabled completed complete published archived available paid finished verified featured public',
  'private visible hidden urgent important read deleted approved cancelled canceled locked favourite favorite shipped',
  'anonymous remote recurring delivered confirmed open closed resolved pinned starred billable taxable vegan vegetarian sold returned',
]);

/** Plurals that are one value. */
export const SINGLE_PLURALS = wordSet([
  'metadata notes details remarks instructions hours minutes seconds days weeks months years points views likes pages seats stars',
  'servings bedrooms bathrooms beds doors floors meters metres uses rooms terms contents comments_count credits calories directions species series news goods address status',
]);
