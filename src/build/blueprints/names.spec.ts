import { namesOf, singularName } from './names.js';

describe(namesOf.name, () => {
  it('derives every form of a name', () => {
    expect(namesOf('order_item')).toEqual({
      snake: 'order_item',
      snakePlural: 'order_items',
      camel: 'orderItem',
      camelPlural: 'orderItems',
      pascal: 'OrderItem',
      pascalPlural: 'OrderItems',
      kebab: 'order-item',
      kebabPlural: 'order-items',
      label: 'order item',
      labelPlural: 'order items',
      withArticle: 'an order item',
    });
  });
});

describe(singularName.name, () => {
  it.each([
    ['Order Items', 'order_item'],
    ['orderItems', 'order_item'],
    ['categories', 'category'],
    ['people', 'person'],
    ['status', 'status'],
    ['addresses', 'address'],
    ['address', 'address'],
    ['HTTPRoutes', 'http_route'],
    ["customer's orders", 'customer_order'],
    ['news', 'news'],
  ])('makes of %s %s', (text, name) => {
    expect(singularName(text)).toBe(name);
  });
});
