import { planGoal } from '../plan-goal.js';
import type { FieldSpec, ProjectSpec, ResourceSpec } from '../project-spec.js';

type Row = [goal: string, features: string, resources: string[]];

/** All of it is understood. */
const UNDERSTOOD: Row[] = [
  [
    'a survey with questions and answers, each answer belongs to a question and has a text',
    '',
    ['question: title string, body text?', 'answer < question: text text'],
  ],
  ['a blog', '', ['post: title string, body text', 'comment < post: body text']],
  [
    'E-commerce backend with NestJS',
    '',
    [
      'product: name string, price decimal, description text?',
      'customer: name string, email email?!',
      'order < customer: total decimal',
      'order_item < order & product: quantity integer, price decimal',
    ],
  ],
  [
    'An API for a hotel with login',
    'auth',
    [
      'room: number string, price decimal',
      'guest: name string, email email!',
      'booking < room & guest: start_time datetime, end_time datetime',
    ],
  ],
  [
    'A library management system with SQLite',
    '',
    [
      'book: title string, isbn string?',
      'member: name string, email email?!',
      'loan < book & member: due_date date',
    ],
  ],
  [
    'A survey app',
    '',
    ['survey: title string', 'question < survey: text text', 'answer < question: text text'],
  ],
  [
    'Surveys: a survey has a title and a closing date. Each survey has questions with a text and a type (text, choice or rating).',
    '',
    [
      'survey: title string, closing_date date',
      'question < survey: text text, type enum (text|choice|rating)',
    ],
  ],
  [
    'An API with CORS for a veterinary clinic on PostgreSQL: a pet has a name; a visit belongs to a pet and has a date',
    'cors',
    ['pet: name string', 'visit < pet: date date'],
  ],
  [
    'An Express API in TypeScript on SQLite for a bike rental: a bike has a model; a rental belongs to a bike and has a date',
    '',
    ['bike: model string', 'rental < bike: date date'],
  ],
  [
    'A project has a name and a lead, who is an employee. An employee has a name.',
    '',
    ['employee: name string', 'project < employee: name string'],
  ],
  [
    'A CRM with contacts, companies and deals; a contact belongs to a company; a deal has an amount and a stage (lead, won, lost)',
    '',
    [
      'company: name string',
      'contact < company: name string, email email?!, phone string?',
      'deal: amount decimal, stage enum (lead|won|lost)',
    ],
  ],
  [
    'An online shop in Express with products and orders, on a PostgreSQL database',
    '',
    ['product: name string, price decimal, description text?', 'order: total decimal'],
  ],
  ['Manage notes in memory with a title', '', ['note: title string']],
  ['A notes app with login', 'auth', ['note: title string, body text']],
  [
    'Build a todo list API with FastAPI and SQLite',
    '',
    ['todo: title string, done boolean = false'],
  ],
  [
    'A blog with posts that have a title and a body, and comments that have a body',
    '',
    ['post: title string, body text', 'comment < post: body text'],
  ],
  [
    'a recipe app with recipes and ingredients',
    '',
    ['recipe: title string, instructions text?', 'ingredient: name string'],
  ],
  [
    'A photo album app with albums and photos',
    '',
    ['album: title string', 'photo < album: title string?, url url'],
  ],
  ['Users can create, read, update and delete notes', '', ['note: title string, body text']],
  ['an invoices API', '', ['invoice: number string, amount decimal']],
  [
    'A gym tracks members, classes and bookings. A booking belongs to a member and a class.',
    '',
    [
      'member: name string, email email?!',
      'class_record: name string',
      'booking < member & class_record: start_time datetime, end_time datetime',
    ],
  ],
  [
    'A blog with posts and comments',
    '',
    ['post: title string, body text', 'comment < post: body text'],
  ],
  [
    'A book has an author and a title; authors have a name and a birthday',
    '',
    ['author: name string, birthday date', 'book < author: title string'],
  ],
  [
    'A booking belongs to a room and a guest, has a check in date, a check out date and a number of guests',
    '',
    [
      'room: name string',
      'guest: name string',
      'booking < room & guest: check_in_date date, check_out_date date, number_of_guests integer',
    ],
  ],
  [
    'A hotel with rooms and bookings. A room has a unique number, a floor, a price of at least 10 and a capacity from 1 to 8. A booking belongs to a room, has a start date and an end date.',
    '',
    [
      'room: number string!, floor integer, price decimal 10.., capacity integer 1..8',
      'booking < room: start_date date, end_date date',
    ],
  ],
  [
    'A lead has a name, company name, phone number, source and score',
    '',
    ['lead: name string, company_name string, phone_number string, source string, score integer'],
  ],
  [
    'A library API with books and authors. Each book belongs to an author and has a title, an isbn and the number of pages.',
    '',
    ['author: name string', 'book < author: title string, isbn string, number_of_pages integer'],
  ],
  [
    'A notes API where users can only see their own notes',
    'auth',
    ['note: title string, body text'],
  ],
  [
    'A post has a title, a status one of draft, published and archived, and many comments. A comment has a body.',
    '',
    ['post: title string, status enum (draft|published|archived)', 'comment < post: body text'],
  ],
  [
    'A product has a name of at most 100 characters, a price greater than 0 and a rating between 1 and 5',
    '',
    ['product: name string ..100, price decimal 0.01.., rating integer 1..5'],
  ],
  [
    'A recipe has a title, ingredients and steps',
    '',
    ['recipe: title string', 'ingredient < recipe: name string', 'step < recipe: name string'],
  ],
  [
    "A shop with products, customers and orders. A product has a name, a unique sku, a price that can't be negative and a stock that defaults to 0. An order belongs to a customer and has a status (open, paid or shipped).",
    '',
    [
      'product: name string, sku string!, price decimal 0.., stock integer = 0',
      'customer: name string, email email?!',
      'order < customer: status enum (open|paid|shipped)',
    ],
  ],
  [
    'A todo list API with title, due date and a done flag',
    '',
    ['todo: title string, due_date date, done boolean = false'],
  ],
  [
    'A warehouse has many shelves; shelves have a code of exactly 6 characters',
    '',
    ['warehouse: name string', 'shelf < warehouse: code string 6..6'],
  ],
  [
    'Add authentication and a CRUD API for invoices with number, amount, due date and paid',
    'auth',
    ['invoice: number string, amount decimal, due_date date, paid boolean = false'],
  ],
  [
    'Add authentication module with JWT support, and notes with a title',
    'auth',
    ['note: title string'],
  ],
  [
    'An expense tracker with amount, category, date and note, without tests',
    '',
    ['expense: amount decimal, category string, date date, note text'],
  ],
  [
    'An invoice has many line items. A line item has a description, a quantity of at least 1 and a unit price.',
    '',
    [
      'invoice: number string, amount decimal',
      'line_item < invoice: description text, quantity integer 1.., unit_price decimal',
    ],
  ],
  [
    'An order belongs to a customer, has a status and a total',
    '',
    ['customer: name string, email email?!', 'order < customer: status string, total decimal'],
  ],
  [
    'Articles with title, slug (unique), content and published flag; only admins can delete articles',
    'auth',
    [
      'article (admin deletes): title string, slug string!, content text, published boolean = false',
    ],
  ],
  [
    'Build a CRUD API for suppliers: company name, contact email, website, rating between 1 and 5',
    '',
    ['supplier: company_name string, contact_email email, website url, rating integer 1..5'],
  ],
  [
    "Build a REST API for managing products with name, price and stock quantity. Quantity can't be negative, sku is unique and only the owner may delete.",
    'auth',
    ['product: name string, price decimal, stock_quantity integer 0.., sku string!'],
  ],
  [
    'CRUD for orders and customers in FastAPI with PostgreSQL and tests',
    '',
    ['customer: name string, email email?!', 'order < customer: total decimal'],
  ],
  [
    'Companies have employees. Employees have a first name, a last name, an email, a salary and a hire date.',
    '',
    [
      'company: name string',
      'employee < company: first_name string, last_name string, email email!, salary decimal, hire_date date',
    ],
  ],
  [
    'Create a task management API where each task has a title, description, priority (low, medium, high) and a due date',
    '',
    ['task: title string, description text, priority enum (low|medium|high), due_date date'],
  ],
  [
    'Customer: name, email, phone (optional)',
    '',
    ['customer: name string, email email!, phone string?'],
  ],
  [
    'Each user has many todos. A todo has a title and is done or not.',
    'auth',
    ['todo: title string, done boolean = false'],
  ],
  [
    'Everyone can read posts. Posts have a title and a body. Only the author may edit posts.',
    'auth',
    ['post (all read): title string, body text'],
  ],
  [
    'I want to track my reading list with title, author, rating (1-5) and finished',
    '',
    ['reading: title string, author string, rating integer 1..5, finished boolean = false'],
  ],
  [
    'Inventory service: items (name, sku unique, quantity integer >= 0)',
    '',
    ['item: name string, sku string!, quantity integer 0..'],
  ],
  [
    'Manage books: title, author, isbn (unique), price, published date',
    '',
    ['book: title string, author string, isbn string!, price decimal, published_date date'],
  ],
  [
    'Manage books: title, pages, language and an optional cover url. Add tests and a Dockerfile.',
    '',
    ['book: title string, pages integer, language string, cover_url url?'],
  ],
  ['Manage users', 'auth', []],
  [
    'Only admins may delete products. A product has a name and a price.',
    'auth',
    ['product (admin deletes): name string, price decimal'],
  ],
  [
    'Organize playlists and songs; a song belongs to a playlist, has a title, an artist, a duration in seconds',
    '',
    ['playlist: name string', 'song < playlist: title string, artist string, duration integer'],
  ],
  [
    'Projects have many tasks; a task has a title, is_done boolean and an assignee email',
    '',
    [
      'project: name string, description text?',
      'task < project: title string, is_done boolean = false, assignee_email email',
    ],
  ],
  [
    'Store customers with a name, a unique email and an optional phone number',
    '',
    ['customer: name string, email email!, phone_number string?'],
  ],
  [
    'Store sensors and readings. A reading belongs to a sensor, has a value decimal and a taken at timestamp',
    '',
    ['sensor: name string', 'reading < sensor: value decimal, taken_at datetime'],
  ],
  [
    "The price of a product must be at least 0.5 and the name can't be longer than 80 characters",
    '',
    ['product: price decimal 0.5.., name string ..80'],
  ],
  [
    'Track employees and departments; each employee belongs to a department',
    '',
    ['department: name string', 'employee < department: name string, email email?!'],
  ],
  ['Users can log in and manage their notes', 'auth', ['note: title string, body text']],
  [
    'Users have a name and an email. Posts belong to a user and have a title.',
    '',
    ['user: name string, email email!', 'post < user: title string'],
  ],
  [
    'a course has a title, a level (beginner, intermediate or advanced), default beginner',
    '',
    ['course: title string, level enum = beginner (beginner|intermediate|advanced)'],
  ],
  [
    'customers have many orders',
    '',
    ['customer: name string, email email?!', 'order < customer: total decimal'],
  ],
  [
    'documents with title, content, uploaded at, and metadata as json',
    '',
    ['document: title string, content text, uploaded_at datetime, metadata_value json'],
  ],
  [
    'events with a name, start time, end time, location and capacity which must be positive',
    '',
    [
      'event: name string, start_time datetime, end_time datetime, location string, capacity integer 1..',
    ],
  ],
  [
    'meals: name string, calories integer, eaten_at datetime, vegetarian boolean',
    '',
    ['meal: name string, calories integer, eaten_at datetime, vegetarian boolean = false'],
  ],
  [
    'movies with title, year between 1900 and 2100, and duration in minutes',
    '',
    ['movie: title string, year integer 1900..2100, duration integer'],
  ],
  [
    'pets: name, species (cat, dog or bird), birthday, weight in kg',
    '',
    ['pet: name string, species enum (cat|dog|bird), birthday date, weight decimal'],
  ],
  ['products should have a price', '', ['product: price decimal']],
  [
    'tickets have a subject, a description and a priority from 1 to 5; agents have a name',
    '',
    ['ticket: subject string, description text, priority integer 1..5', 'agent: name string'],
  ],
  [
    'todos with title, description (optional), due date, priority (low, medium or high) defaults to low, in memory',
    '',
    ['todo: title string, description text?, due_date date, priority enum = low (low|medium|high)'],
  ],
];

/** Some of it, and the rest is told word for word. */
const IN_PART: [...Row, notes: string[]][] = [
  [
    'A payment has an amount and a currency (usd, eur). Charge credit cards via Stripe.',
    '',
    ['payment: amount decimal, currency enum (usd|eur)'],
    ["Not understood: 'Charge credit cards via Stripe'"],
  ],
  [
    'A product has a name. Only admins may create products.',
    '',
    ['product: name string'],
    ["Not understood: 'Only admins may create products'"],
  ],
  [
    'A product has a name. Only admins may update or delete products.',
    '',
    ['product: name string'],
    ["Not understood: 'Only admins may update'", "Not understood: 'delete products'"],
  ],
  [
    'A todo has a title, and email me when it is done',
    '',
    ['todo: title string'],
    ["Not understood: 'email me when it is done'"],
  ],
  [
    'Students can enroll in courses. Courses have a title.',
    '',
    ['course: title string'],
    ["Not understood: 'Students can enroll in courses'"],
  ],
  [
    'Track bank accounts and health of patients',
    '',
    ['bank_account: name string'],
    ["Not understood: 'health of patients'"],
  ],
  [
    'Tags on posts: a post has a title, a tag has a name',
    '',
    ['post: title string', 'tag: name string'],
    ["Not understood: 'Tags on posts'"],
  ],
  [
    'tasks with title and due date, plus OAuth login with Google',
    'auth',
    ['task: title string, due_date date'],
    ["Not understood: 'OAuth'", "Not understood: 'Google'"],
  ],
];

/** Understood, and not to be had. */
const UNAVAILABLE: [goal: string, resources: string[], note: string][] = [
  [
    'Students and courses are many-to-many. A course has a title.',
    ['student: name string, email email?!', 'course: title string'],
    "a many-to-many relation of student and course ('Students and courses are many-to-many'). Ask for what joins them instead: 'a student course belongs to a student and a course, has a note'",
  ],
  [
    'A many-to-many relation between posts and tags',
    ['post: title string, body text', 'tag: name string'],
    "a many-to-many relation of post and tag ('A many-to-many relation between posts and tags'). Ask for what joins them instead: 'a post tag belongs to a post and a tag, has a note'",
  ],
  [
    'A student has a many-to-many relationship with courses',
    ['student: name string, email email?!', 'course: title string'],
    "a many-to-many relation of student and course ('A student has a many-to-many relationship with courses'). Ask for what joins them instead: 'a student course belongs to a student and a course, has a note'",
  ],
  [
    'An employee belongs to an employee',
    ['employee: name string, email email?!'],
    "that employee belongs to itself ('An employee belongs to an employee'). Ask for a field that holds the other's id instead, such as 'an optional parent id (uuid)': it isn't checked",
  ],
  [
    'An employee has a name and a manager, who is an employee',
    ['employee: name string'],
    "that employee belongs to itself ('An employee has a name and a manager, who is an employee'). Ask for a field that holds the other's id instead, such as 'an optional parent id (uuid)': it isn't checked",
  ],
  [
    'posts have many tags and tags have many posts',
    ['post: title string, body text', 'tag: name string'],
    "a many-to-many relation of post and tag ('posts have many tags and tags have many posts'). Ask for what joins them instead: 'a post tag belongs to a post and a tag, has a note'",
  ],
  [
    'a post has many tags and a tag many posts',
    ['post: title string, body text', 'tag: name string'],
    "a many-to-many relation of post and tag ('a post has many tags and a tag many posts'). Ask for what joins them instead: 'a post tag belongs to a post and a tag, has a note'",
  ],
  [
    'A post has a title and many tags. A tag has a name and many posts.',
    ['post: title string', 'tag: name string'],
    "a many-to-many relation of post and tag ('A tag has a name and many posts'). Ask for what joins them instead: 'a post tag belongs to a post and a tag, has a note'",
  ],
  [
    'A post belongs to a tag. A tag belongs to a post.',
    ['tag: name string', 'post < tag: title string, body text'],
    "that tag and post belong to each other ('A tag belongs to a post'). Say of one of them only that it belongs to the other",
  ],
];

/** Nothing of it: what looks like a thing to store is none. */
const REFUSED = [
  'A customer can place orders',
  'A dashboard that shows sales charts',
  'A quantity that defaults to 0 for every product',
  'A recommendation engine for movies',
  'A blog post importer',
  'A library that parses dates',
  'Write a library in Python',
  'Add a phone number to customers',
  'Add payments',
  'A payments system',
  'Create a URL shortener',
  'Build a chat app with websockets',
  'Build a weather API',
  'Build an inventory system',
  'Everybody can see products with name and price',
  'Model: make, year',
  'Predict house prices with machine learning',
  'Scrape news sites every hour',
  'Send invoices by pigeon',
  'Send reminders when a todo is due',
  'Simulate the weather on Mars',
  'Students enrol in courses',
  'Translate documents to German',
  'customer email must be unique',
  'products with a from date and a class',
];

describe('the things to store in a goal', () => {
  it.each(UNDERSTOOD)('are all read in "%s"', (goal, features, resources) => {
    const spec = specOf(goal);

    expect(spec.resources.map(describeResource)).toEqual(resources);
    expect(featuresOf(spec)).toBe(features);
    expect(notUnderstoodIn(spec)).toEqual([]);
  });

  it.each(IN_PART)('are read as far as possible in "%s"', (goal, features, resources, notes) => {
    const spec = specOf(goal);

    expect(spec.resources.map(describeResource)).toEqual(resources);
    expect(featuresOf(spec)).toBe(features);
    expect(notUnderstoodIn(spec)).toEqual(notes);
  });

  it.each(UNAVAILABLE)('are read in "%s", without their relation', (goal, resources, note) => {
    const spec = specOf(goal);

    expect(spec.resources.map(describeResource)).toEqual(resources);
    expect(notUnderstoodIn(spec)).toEqual([`Not available, left out: ${note}`]);
  });

  it('have what such things have where nothing is said of them, and a note says so', () => {
    expect(specOf('A blog with posts and comments').notes).toEqual([
      'It is not said what comment belongs to: it belongs to post',
      'No field of post is said: it has title, body',
      'No field of comment is said: it has body',
    ]);
  });

  it('are those of the product where the goal says nothing else, and a note says so', () => {
    expect(specOf('an online shop in Express').notes).toEqual([
      'It is not said what the shop stores: it has product, customer, order, order item',
      'No field of product is said: it has name, price, description',
      'No field of customer is said: it has name, email',
      'No field of order is said: it has total',
      'No field of order_item is said: it has quantity, price',
    ]);
    expect(specOf('Add JWT auth to my shop').resources).toEqual([]);
  });

  it('are told to be known by another name', () => {
    const goal = 'A project has a lead, who is an employee. An employee has a name.';

    expect(specOf(goal).notes).toContain('The lead of project is kept as its employee_id');
  });

  it.each(REFUSED)('are none in "%s"', (goal) => {
    const outcome = planGoal({ projectName: 'p', goal, parameters: {} });

    expect(outcome).toEqual({
      ok: false,
      error: expect.stringContaining('Nothing in the goal was understood.') as string,
    });
  });

  it('are read the same every time', () => {
    const goals = UNDERSTOOD.map(([goal]) => goal);

    expect(goals.map((goal) => specOf(goal))).toEqual(goals.map((goal) => specOf(goal)));
  });
});

describe('a second goal', () => {
  const previous = specOf(
    'Customers have a name and a fax. An order belongs to a customer, has a total.',
  );

  function then(goal: string): string[] {
    return specOf(goal, previous).resources.map(describeResource);
  }

  it('adds things and fields, and removes nothing', () => {
    expect(then('Add a phone number to customers')).toEqual([
      'customer: name string, fax string, phone_number string',
      'order < customer: total decimal',
    ]);
    expect(then('Manage products with a name. An order has a status.')).toEqual([
      'customer: name string, fax string',
      'order < customer: total decimal, status string',
      'product: name string',
    ]);
  });

  it('removes what it says', () => {
    expect(then('Remove the fax from customers')).toEqual([
      'customer: name string',
      'order < customer: total decimal',
    ]);
    expect(then('Remove orders')).toEqual(['customer: name string, fax string']);
  });

  it('keeps what there is where it asks for a feature only', () => {
    expect(then('Add authentication')).toEqual(previous.resources.map(describeResource));
  });
});

function specOf(goal: string, previous?: ProjectSpec): ProjectSpec {
  const outcome = planGoal({
    projectName: 'p',
    goal,
    parameters: {},
    previous,
  });
  if (!outcome.ok) {
    throw new Error(outcome.error);
  }
  return outcome.spec;
}

function featuresOf({ features }: ProjectSpec): string {
  return features.filter((feature) => feature !== 'health').join(' ');
}

function notUnderstoodIn({ notes }: ProjectSpec): string[] {
  return notes.filter((note) => note.startsWith('Not '));
}

function describeResource({
  name,
  fields,
  belongsTo,
  readableBy,
  deletableBy,
}: ResourceSpec): string {
  const relations = belongsTo.length > 0 ? ` < ${belongsTo.join(' & ')}` : '';
  const access =
    (readableBy === 'everyone' ? ' (all read)' : '') +
    (deletableBy === 'admin' ? ' (admin deletes)' : '');
  return `${name}${relations}${access}: ${fields.map(describeField).join(', ')}`;
}

function describeField(field: FieldSpec): string {
  const { name, type, min, max, values } = field;
  return [
    `${name} ${type}${field.required ? '' : '?'}${field.unique ? '!' : ''}`,
    ...(field.default === undefined ? [] : [`= ${String(field.default)}`]),
    ...(min === undefined && max === undefined ? [] : [`${min ?? ''}..${max ?? ''}`]),
    ...(values ? [`(${values.join('|')})`] : []),
  ].join(' ');
}
