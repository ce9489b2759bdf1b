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
    'A blog with posts that have a title and a body, and comments that have a body',
    '',
    ['post: title string, body text', 'comment < post: body text'],
  ],
  [
    'A photo album app with albums and photos',
    '',
    ['album: title string', 'photo < album: title string?, url url'],
  ],
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
    'A library API with books and authors. Each book belongs to an author and has a title, an isbn and the number of pages.',
    '',
    ['author: name string', 'book < author: title string, isbn string, number_of_pages integer'],
  ],
  [
    'A post has a title, a status one of draft, published and archived, and many comments. A comment has a body.',
    '',
    ['post: title string, status enum (draft|published|archived)', 'comment < post: body text'],
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
    'A warehouse has many shelves; shelves have a code of exactly 6 characters',
    '',
    ['warehouse: name string', 'shelf < warehouse: code string 6..6'],
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
    'Store sensors and readings. A reading belongs to a sensor, has a value decimal and a taken at timestamp',
    '',
    ['sensor: name string', 'reading < sensor: value decimal, taken_at datetime'],
  ],
  [
    'Track employees and departments; each employee belongs to a department',
    '',
    ['department: name string', 'employee < department: name string, email email?!'],
  ],
  [
    'Users have a name and an email. Posts belong to a user and have a title.',
    '',
    ['user: name string, email email!', 'post < user: title string'],
  ],
  [
    'customers have many orders',
    '',
    ['customer: name string, email email?!', 'order < customer: total decimal'],
  ],
  [
    'Rentals belong to a car and to a customer and have a price',
    '',
    [
      'car: name string',
      'customer: name string, email email?!',
      'rental < car & customer: price decimal',
    ],
  ],
  [
    'A truck has a name and is driven by a driver. A driver has a name.',
    '',
    ['driver: name string', 'truck < driver: name string'],
  ],
  [
    'Assets: name, assigned to employee. Employees: name, email.',
    '',
    ['employee: name string, email email!', 'asset < employee: name string'],
  ],
  [
    'A purchase order shall reference a supplier and shall have a total amount greater than 0',
    '',
    [
      'supplier: name string, email email?!',
      'purchase_order < supplier: total_amount decimal 0.01..',
    ],
  ],
  [
    'manage recipes (title, steps as text) and their ingredients (name, amount)',
    '',
    ['recipe: title string, steps text', 'ingredient < recipe: name string, amount decimal'],
  ],
  [
    'A role connects a movie and an actor and has a character name',
    '',
    [
      'movie: title string, year integer?',
      'actor: name string',
      'role < movie & actor: character_name string',
    ],
  ],
  [
    'Customers own accounts. An account has an IBAN (unique) and a balance.',
    '',
    ['customer: name string, email email?!', 'account < customer: iban string!, balance decimal'],
  ],
  [
    'Categories: name, budget. Expense: amount, spent on date, category id.',
    '',
    [
      'category: name string, budget decimal',
      'expense < category: amount decimal, spent_on_date date',
    ],
  ],
  [
    'Author(name, bio optional), Book(title, isbn unique), Review(rating 1-5, body). Book belongs to Author, Review belongs to Book.',
    '',
    [
      'author: name string, bio text?',
      'book < author: title string, isbn string!',
      'review < book: rating integer 1..5, body text',
    ],
  ],
  [
    'An article has a title and a comment belongs to an article. Only the owner may delete articles and comments. Everyone can read articles and comments.',
    'auth',
    ['article (all read): title string', 'comment < article (all read): body text'],
  ],
];

describe('things that belong to others', () => {
  it.each(ROWS)('are all read in "%s"', (goal, features, resources) => {
    const spec = specOf(goal);

    expect(spec.resources.map(describeResource)).toEqual(resources);
    expect(featuresOf(spec)).toBe(features);
    expect(notUnderstoodIn(spec)).toEqual([]);
  });
});
