import { describeResource, specOf } from './goal-reading.fixture.js';

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
