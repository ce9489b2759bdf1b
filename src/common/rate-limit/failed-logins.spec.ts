import { MemoryThrottleStorage } from '../../infra/throttle/memory-throttle-storage.js';
import { FailedLogins } from './failed-logins.js';

const OFFICE = '192.0.2.1';

describe(FailedLogins.name, () => {
  let now: number;
  let logins: FailedLogins;

  beforeEach(() => {
    now = 0;
    logins = withLimit(3);
  });

  function withLimit(login: number): FailedLogins {
    const storage = new MemoryThrottleStorage(() => now);
    return new FailedLogins(storage, { global: 60, build: 10, analysis: 5, login });
  }

  async function fail(times: number, account = 'ada', address = OFFICE): Promise<void> {
    for (let time = 0; time < times; time += 1) {
      await logins.fail(account, address);
    }
  }

  it('refuses after the limit, and says for how long', async () => {
    await fail(2);
    await expect(logins.check('ada', OFFICE)).resolves.toBeUndefined();
    await fail(1);
    now = 20_500;

    await expect(logins.check('ada', OFFICE)).rejects.toMatchObject({
      code: 'rate_limit_exceeded',
      detail: 'Too many requests',
      headers: { 'Retry-After': '40' },
    });
  });

  it('is over when the minute of the first failure ends, however often it is asked', async () => {
    await fail(3);
    for (now = 0; now < 60_000; now += 10_000) {
      await expect(logins.check('ada', OFFICE)).rejects.toThrow('Too many requests');
    }

    await expect(logins.check('ada', OFFICE)).resolves.toBeUndefined();
  });

  it.each([
    ['the same account from another address', 'ada', '198.51.100.7'],
    ['another account from the same address', 'bob', OFFICE],
  ])('lets in %s', async (_who, account, address) => {
    await fail(3);
    await expect(logins.check(account, address)).resolves.toBeUndefined();
  });

  it('refuses an address that fails for many accounts', async () => {
    for (let account = 0; account < 30; account += 1) {
      await fail(1, `user-${account}`);
    }

    await expect(logins.check('someone-else', OFFICE)).rejects.toThrow('Too many requests');
    await expect(logins.check('someone-else', '198.51.100.7')).resolves.toBeUndefined();
  });

  it('takes the addresses of one IPv6 network for one', async () => {
    await fail(1, 'ada', '2001:db8::1');
    await fail(1, 'ada', '2001:db8::2');
    await fail(1, 'ada', '2001:db8::3');

    await expect(logins.check('ada', '2001:db8::4')).rejects.toThrow('Too many requests');
    await expect(logins.check('ada', '2001:db8:0:1::1')).resolves.toBeUndefined();
  });

  it('is off at 0', async () => {
    logins = withLimit(0);
    await fail(1_000);
    await expect(logins.check('ada', OFFICE)).resolves.toBeUndefined();
  });
});
