import type { Location, PhysicalLocation } from 'sarif';

/** Name of the folder that paths are relative to; GitHub and the viewers of Microsoft know it under this name. */
export const SOURCE_ROOT = '%SRCROOT%';

interface Place {
  file: string;
  line: number;
  column: number;
  end_line?: number;
}

/** Where something is, with an optional text that says what is there. */
export function toLocation(place: Place, text?: string): Location {
  return {
    physicalLocation: toPhysicalLocation(place),
    ...(text !== undefined && { message: { text } }),
  };
}

/** A file as a whole. */
export function toFileLocation(file: string): Location {
  return { physicalLocation: { artifactLocation: toArtifactLocation(file) } };
}

/** A path below the root as a URI reference: a `%`, a space, a `#` or a `:` in a name stays part of the name. */
function toUri(path: string): string {
  // A lone half of a surrogate pair has no UTF-8 form, and `encodeURIComponent` would throw.
  const wellFormed = path.replace(/\p{Surrogate}/gu, '\uFFFD');
  return wellFormed.split('/').map(encodeURIComponent).join('/');
}

function toPhysicalLocation({ file, line, column, end_line }: Place): PhysicalLocation {
  const startLine = atLeastOne(line);
  return {
    artifactLocation: toArtifactLocation(file),
    region: {
      startLine,
      startColumn: atLeastOne(column),
      ...(end_line !== undefined && { endLine: Math.max(startLine, atLeastOne(end_line)) }),
    },
  };
}

function toArtifactLocation(file: string): PhysicalLocation['artifactLocation'] {
  return { uri: toUri(file), uriBaseId: SOURCE_ROOT };
}

/** The schema refuses the whole log for one 0. */
function atLeastOne(value: number): number {
  return Number.isFinite(value) ? Math.max(1, Math.trunc(value)) : 1;
}
