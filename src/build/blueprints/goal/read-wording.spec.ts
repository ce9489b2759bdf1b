import { planGoal } from '../plan-goal.js';
import {
  describeResource,
  featuresOf,
  type GoalRow,
  notUnderstoodIn,
  specOf,
} from './goal-reading.fixture.js';

/** Said as people write who know nothing of this reader; all of it is understood. */
const ROWS: GoalRow[] = [
  [
    'As a librarian, I can register books with a title and an ISBN',
    '',
    ['book: title string, isbn string'],
  ],
  [
    'As a coach, we want to log workouts with a date and a duration in minutes',
    '',
    ['workout: date date, duration integer'],
  ],
  [
    '- Users can sign up and log in\n- Projects: title, deadline',
    'auth',
    ['project: title string, deadline date'],
  ],
  [
    "Appointments belong to a doctor; they've a date time and a status (scheduled, done; default done)",
    '',
    [
      'doctor: name string',
      'appointment < doctor: date_time datetime, status enum = done (scheduled|done)',
    ],
  ],
  [
    'FastAPI CRUD for `Order` with fields: order_no:str unique, qty:int>0, shipped:bool',
    '',
    ['order: order_no string!, qty integer 1.., shipped boolean = false'],
  ],
  [
    'express typescript sqlite api for managing invoices: invoice number must be unique, amount can not be less than 0',
    '',
    ['invoice: number string!, amount decimal 0..'],
  ],
  ['Real estate listings API. A listing has a headline.', '', ['listing: headline string']],
  [
    'our database of volunteers - full name, e-mail, available from',
    '',
    ['volunteer: full_name string, email email!, available_from date'],
  ],
  ['A report has a published_on date', '', ['report: published_on date']],
  [
    'todo app with JWT auth, rate limiting and Docker',
    'auth rate-limiting',
    ['todo: title string, done boolean = false'],
  ],
  [
    'Each invoice has a number (unique, required), a status draft/sent/paid, issued on, and belongs to a customer. A customer has a name.',
    '',
    [
      'customer: name string',
      'invoice < customer: number string!, status enum (draft|sent|paid), issued_on date',
    ],
  ],
  [
    'CRUD endpoints for employees: name, department (one of HR, IT, Sales)',
    '',
    ['employee: name string, department enum (hr|it|sales)'],
  ],
  ['There are rooms and guests.', '', ['room: name string', 'guest: name string']],
  ['Nobody but the owner may see notes. A note has a text.', 'auth', ['note: text text']],
];

describe('things told in other ways', () => {
  it.each(ROWS)('are all read in "%s"', (goal, features, resources) => {
    const spec = specOf(goal);

    expect(spec.resources.map(describeResource)).toEqual(resources);
    expect(featuresOf(spec)).toBe(features);
    expect(notUnderstoodIn(spec)).toEqual([]);
  });

  it.each(['constructor', 'number of constructor', '__proto__ has a toString'])(
    'may be called as JavaScript calls its own: %s',
    (word) => {
      expect(() => planGoal({ projectName: 'p', goal: word, parameters: {} })).not.toThrow();
      expect(planGoal({ projectName: 'p', goal: `${word} app`, parameters: {} })).toBeDefined();
    },
  );

  it('are read the same every time', () => {
    const goals = ROWS.map(([goal]) => goal);

    expect(goals.map((goal) => specOf(goal))).toEqual(goals.map((goal) => specOf(goal)));
  });
});
