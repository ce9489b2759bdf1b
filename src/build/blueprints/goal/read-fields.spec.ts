import {
  describeResource,
  featuresOf,
  type GoalRow,
  notUnderstoodIn,
  specOf,
} from './goal-reading.fixture.js';

/** All of it is understood. */
const ROWS: GoalRow[] = [
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
    'a recipe app with recipes and ingredients',
    '',
    ['recipe: title string, instructions text?', 'ingredient: name string'],
  ],
  ['Users can create, read, update and delete notes', '', ['note: title string, body text']],
  ['an invoices API', '', ['invoice: number string, amount decimal']],
  [
    'A lead has a name, company name, phone number, source and score',
    '',
    ['lead: name string, company_name string, phone_number string, source string, score integer'],
  ],
  [
    'A notes API where users can only see their own notes',
    'auth',
    ['note: title string, body text'],
  ],
  [
    'A product has a name of at most 100 characters, a price greater than 0 and a rating between 1 and 5',
    '',
    ['product: name string ..100, price decimal 0.01.., rating integer 1..5'],
  ],
  [
    'A todo list API with title, due date and a done flag',
    '',
    ['todo: title string, due_date date, done boolean = false'],
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
    'Store customers with a name, a unique email and an optional phone number',
    '',
    ['customer: name string, email email!, phone_number string?'],
  ],
  [
    "The price of a product must be at least 0.5 and the name can't be longer than 80 characters",
    '',
    ['product: price decimal 0.5.., name string ..80'],
  ],
  ['Users can log in and manage their notes', 'auth', ['note: title string, body text']],
  [
    'a course has a title, a level (beginner, intermediate or advanced), default beginner',
    '',
    ['course: title string, level enum = beginner (beginner|intermediate|advanced)'],
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
  [
    'A coupon has a code of 8 characters, a valid from date, a valid until date and a max number of uses which defaults to 1',
    '',
    [
      'coupon: code string 8..8, valid_from_date date, valid_until_date date, max_number_of_uses integer = 1',
    ],
  ],
  [
    'An issue has a severity (low/medium/high, default medium) and a status that can be open, in progress or closed',
    '',
    ['issue: severity enum = medium (low|medium|high), status enum (open|in_progress|closed)'],
  ],
  [
    'events with a name, starts at, ends at, a price of at least 5 euros and a buyer email',
    '',
    [
      'event: name string, starts_at datetime, ends_at datetime, price decimal 5.., buyer_email email',
    ],
  ],
  [
    'A plant has a watering interval in days (1-60), a weight in kg and a sunny spot yes/no',
    '',
    ['plant: watering_interval integer 1..60, weight decimal, sunny_spot boolean = false'],
  ],
  [
    'Pet: name (2-30 chars, required), kind (dog|cat|bird), vaccinated (bool), date of birth',
    '',
    [
      'pet: name string 2..30, kind enum (dog|cat|bird), vaccinated boolean = false, date_of_birth date',
    ],
  ],
  [
    'A payment has a currency (EUR, USD), a rent, a deposit and a response time of at most 48 hours',
    '',
    ['payment: currency enum (EUR|USD), rent decimal, deposit decimal, response_time integer ..48'],
  ],
  [
    'A person has a name between 2 and 30 characters, a blood type (A, B, AB, O) and allergies as text',
    '',
    ['person: name string 2..30, blood_type enum (A|B|AB|O), allergies text'],
  ],
  [
    'invoices: currency one of EUR, USD, GBP, due date optional, paid false by default',
    '',
    ['invoice: currency enum (EUR|USD|GBP), due_date date?, paid boolean = false'],
  ],
  [
    'A shoe has a size from 35 to 50 and whether it is in stock',
    '',
    ['shoe: size integer 35..50, in_stock boolean = false'],
  ],
  [
    'A job has a title and is remote or not. Jobs can be archived.',
    '',
    ['job: title string, remote boolean = false, archived boolean = false'],
  ],
  [
    'A recipe has a title, servings between 1 and 20 and a difficulty easy/medium/hard',
    '',
    ['recipe: title string, servings integer 1..20, difficulty enum (easy|medium|hard)'],
  ],
  [
    'A link has a slug and a click count starting at 0',
    '',
    ['link: slug string, click_count integer = 0'],
  ],
  ['A player has points that can never go below zero', '', ['player: points integer 0..']],
  [
    'A tour has a capacity of at most 12 people and a price per person',
    '',
    ['tour: capacity integer ..12, price_per_person decimal'],
  ],
  [
    'A plan has seats (integer, 1 to 500) and price cents (integer)',
    '',
    ['plan: seats integer 1..500, price_cents integer'],
  ],
  [
    'A device has an os (windows, linux, macos) and a warranty in months',
    '',
    ['device: os enum (windows|linux|macos), warranty integer'],
  ],
  [
    'A feature flag has a key (unique) and is active by default',
    '',
    ['feature_flag: key string!, active boolean = true'],
  ],
  [
    'Service records: date, cost, odometer reading',
    '',
    ['service_record: date date, cost decimal, odometer_reading string'],
  ],
];

describe('the fields of things', () => {
  it.each(ROWS)('are all read in "%s"', (goal, features, resources) => {
    const spec = specOf(goal);

    expect(spec.resources.map(describeResource)).toEqual(resources);
    expect(featuresOf(spec)).toBe(features);
    expect(notUnderstoodIn(spec)).toEqual([]);
  });
});
