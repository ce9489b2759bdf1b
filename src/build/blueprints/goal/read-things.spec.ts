import { planGoal } from '../plan-goal.js';
import {
  describeResource,
  featuresOf,
  type GoalRow,
  notUnderstoodIn,
  specOf,
} from './goal-reading.fixture.js';

/** Some of it, and the rest is told word for word. */
const IN_PART: [...GoalRow, notes: string[]][] = [
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
  [
    'A maintenance log in NestJS. A vehicle has a name.',
    '',
    ['vehicle: name string'],
    ["Not understood: 'maintenance log'"],
  ],
  [
    'GraphQL API for books with title and author on MongoDB',
    '',
    ['book: title string, author string'],
    [
      "Not available in the offline engine, left out: 'GraphQL'",
      "Not available in the offline engine, left out: 'MongoDB'",
    ],
  ],
  [
    'A grade belongs to a student; a grade is an integer from 1 to 6',
    '',
    ['student: name string, email email?!', 'grade < student: name string'],
    ["Not understood: 'a grade is an integer from 1 to 6'"],
  ],
  [
    'Suppliers have a name. Purchasing wants a total greater than 0.',
    '',
    ['supplier: name string'],
    ["Not understood: 'Purchasing wants a total greater than 0'"],
  ],
  [
    'Expense: amount, name. Category: name unique.',
    '',
    ['expense: amount decimal, name string'],
    ["Not understood: 'Category'", "Not understood: 'name unique'"],
  ],
  [
    'Create a timesheet service: employees log hours on projects. A time entry has a date.',
    '',
    ['time_entry: date date'],
    [
      "Not understood: 'Create a timesheet service'",
      "Not understood: 'employees log hours on projects'",
    ],
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
  [
    'An invoice has a paid flag. Paid is at most 5.',
    ['invoice: paid boolean = false'],
    'a field of type boolean has no min and max (invoice.paid)',
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
});
