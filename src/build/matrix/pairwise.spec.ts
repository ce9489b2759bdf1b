import { pairwise } from './pairwise.js';

describe(pairwise, () => {
  const parameters = { a: ['1', '2', '3'], b: ['x', 'y'], c: ['x', 'y'], d: ['on', 'off'] };

  it('lets every two values meet', () => {
    const rows = pairwise(parameters);
    const missing = Object.entries(parameters).flatMap(([name, values]) =>
      Object.entries(parameters)
        .filter(([other]) => other > name)
        .flatMap(([other, others]) =>
          values.flatMap((value) =>
            others
              .filter((each) => !rows.some((row) => row[name] === value && row[other] === each))
              .map((each) => `${name}=${value} ${other}=${each}`),
          ),
        ),
    );

    expect(missing).toEqual([]);
    expect(rows.length).toBeLessThan(3 * 2 * 2 * 2);
  });

  it('is the same every time', () => {
    expect(pairwise(parameters)).toEqual(pairwise(parameters));
  });
});
