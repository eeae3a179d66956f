import { expect, isReady, lifecycle, test } from './fixture.ts';

test.describe('ipc', () => {
  test('an invoke carries what structured clone can carry, both ways', async ({ page }) => {
    const seen = await page.evaluate(async () => {
      const value: Record<string, unknown> = {
        date: new Date(5),
        map: new Map([['bytes', new Uint8Array([1, 2, 3])]]),
        bytes: new Uint8Array([255]),
      };
      value['self'] = value;
      const kinds = await window.bridge.invoke('kinds', value);
      const sent = [
        new Date(7),
        new Map([[1, new Set([2n])]]),
        new Float64Array([0.5]),
        undefined,
        Number.NaN,
        -0,
        null,
        /a\/b/gi,
      ];
      const [date, map, floats, nothing, nan, zero, empty, pattern] = (await window.bridge.invoke(
        'echo',
        ...sent,
      )) as typeof sent;
      return {
        kinds,
        date: date instanceof Date && date.getTime(),
        set: map instanceof Map && [...(map.get(1) ?? [])].map(String),
        floats: floats instanceof Float64Array && floats[0],
        rest: [
          nothing === undefined,
          Number.isNaN(nan),
          Object.is(zero, -0),
          empty === null,
          pattern instanceof RegExp && pattern.source,
        ],
      };
    });
    expect(seen).toEqual({
      kinds: { date: true, map: true, bytes: true, self: true, sum: 6 },
      date: 7,
      set: ['2'],
      floats: 0.5,
      rest: [true, true, true, true, 'a\\/b'],
    });
  });

  test('a failing, a missing and an uncloneable answer reject in Electron’s words', async ({ page }) => {
    const say = (channel: string, ...args: unknown[]): Promise<unknown> =>
      page.evaluate(
        ([name, rest]) => window.bridge.invoke(name, ...rest).catch((error: Error) => error.message),
        [channel, args] as const,
      );
    expect(await say('fail')).toBe("Error invoking remote method 'fail': TypeError: broken here");
    expect(await say('nobody')).toBe(
      "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    );
    expect(await say('uncloneable')).toBe(
      "Error invoking remote method 'uncloneable': Error: An object could not be cloned.",
    );
    expect(await say('add', 1, 2)).toBe(3);
  });

  test('a function or a symbol is refused before anything is sent', async ({ page }) => {
    const errors = await page.evaluate(() =>
      Promise.all([
        window.bridge.invoke('echo', () => 1).catch((error: Error) => error.message),
        Promise.resolve()
          .then(() => window.bridge.invoke('echo', Symbol('s')))
          .catch((error: Error) => error.message),
      ]),
    );
    expect(errors).toEqual(['An object could not be cloned.', 'An object could not be cloned.']);
  });

  test('the main process pushes to the page and answers a send', async ({ app, page }) => {
    await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.send('push', { n: 1 }),
    );
    await expect(page.getByText('push {"n":1}')).toBeVisible();
    await page.evaluate(() => window.bridge.send('say', 'hello'));
    await expect(page.getByText('push "said hello"')).toBeVisible();
  });

  test('a thousand invokes at once each get their own answer', async ({ page }) => {
    const wrong = await page.evaluate(async () => {
      const answers = await Promise.all(
        Array.from({ length: 1000 }, (_, n) => window.bridge.invoke('add', n, 1)),
      );
      return answers.filter((answer, n) => answer !== n + 1).length;
    });
    expect(wrong).toBe(0);
  });

  test('a thousand invokes one after another do not slow down or overflow', async ({ page }) => {
    const last = await page.evaluate(async () => {
      let n: unknown = 0;
      for (let i = 0; i < 1000; i++) n = await window.bridge.invoke('add', n, 1);
      return n;
    });
    expect(last).toBe(1000);
  });

  test('a megabyte of bytes arrives whole', async ({ page }) => {
    const sum = await page.evaluate(async () => {
      const [bytes] = (await window.bridge.invoke('echo', new Uint8Array(1 << 20).fill(3))) as [Uint8Array];
      return bytes.reduce((a, b) => a + b, 0);
    });
    expect(sum).toBe(3 * (1 << 20));
  });

  test('the sender is named in the app’s own terms', async ({ page }) => {
    expect(await page.evaluate(() => window.bridge.invoke('sender'))).toEqual({
      url: 'fixture://main/index.html',
      origin: 'fixture://main',
      id: 1,
      isTop: true,
    });
  });
});

test.describe('isolation', () => {
  test('the bridge is frozen to the bottom and cannot be replaced', async ({ page }) => {
    const result = await page.evaluate(() => {
      'use strict';
      const attempt = (action: () => void): string => {
        try {
          action();
          return 'no error';
        } catch (error) {
          return (error as Error).name;
        }
      };
      const bridge = window.bridge as unknown as Record<string, unknown>;
      return [
        attempt(() => (window.bridge = {} as never)),
        attempt(() => (bridge['invoke'] = null)),
        attempt(() => (bridge['extra'] = 1)),
        attempt(() => (window.bridge.list[1].two = 3)),
        Object.isFrozen(bridge['invoke']),
        window.bridge.exposeTwice(),
      ];
    });
    expect(result).toEqual([
      'TypeError',
      'TypeError',
      'TypeError',
      'TypeError',
      true,
      'Cannot bind an API on top of an existing property on the window object',
    ]);
  });

  test('functions, promises and errors cross the bridge; prototypes do not', async ({ page }) => {
    const result = await page.evaluate(async () => [
      window.bridge.apply((a: number, b: number) => a * b, 6, 7),
      await window.bridge.later({ deep: [1] }),
      await window.bridge.later(Promise.resolve('inner')),
      await window.bridge.reject().catch((error: Error) => error.message),
      await Promise.resolve()
        .then(() => window.bridge.fail())
        .catch((error: Error) => [error instanceof Error, error.message]),
      Object.keys(window.bridge.ipc),
    ]);
    expect(result).toEqual([42, { deep: [1] }, 'inner', 'not today', [true, 'on purpose'], []]);
  });

  test('the page has nothing of Node or of the double, the preload only what a sandboxed one has', async ({
    page,
  }) => {
    const result = await page.evaluate(() => ({
      own: ['require', 'process', 'module', 'Buffer', 'electron', '__deliver', '__electronDouble'].filter(
        (name) => name in window,
      ),
      bindings: Object.getOwnPropertyNames(window).filter((name) => name.startsWith('double-')),
      fs: window.bridge.requireFs(),
      sync: window.bridge.sendSync(),
    }));
    expect(result).toEqual({
      own: [],
      bindings: [],
      fs: 'module not found: node:fs',
      sync: 'electron double: ipcRenderer.sendSync is not there',
    });
  });
});

test.describe('message ports', () => {
  test('a port from the main process carries clones both ways and closes at both ends', async ({
    app,
    page,
    userData,
  }) => {
    await page.evaluate(() => window.bridge.send('connect'));
    await expect(page.getByText('port here')).toBeVisible();
    await page.evaluate(() => window.port.postMessage(new Map([['at', new Date(9)]])));
    await expect(page.getByText('port map')).toBeVisible();
    expect(
      await page.evaluate(() => (window.lastPortMessage as Map<string, Date>).get('at')?.getTime()),
    ).toBe(9);
    await page.evaluate(() => window.port.postMessage('bye'));
    await expect(page.getByText('port closed')).toBeVisible();
    await page.evaluate(() => window.bridge.send('connect'));
    await expect(page.getByText('port here')).toHaveCount(2);
    await page.evaluate(() => window.port.close());
    await expect.poll(() => lifecycle(userData)).toEqual(['port closed', 'port closed']);
    expect(app.windows()).toHaveLength(1);
  });

  test('a port the page gives away delivers what was posted before anybody listened', async ({ page }) => {
    const answer = page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener(
            'message',
            (event) => event.data?.answered !== undefined && resolve(event.data.answered),
          );
        }),
    );
    await page.evaluate(() => window.bridge.offerPort());
    // A round trip after the early message, which therefore has arrived and waits.
    await page.evaluate(() => window.bridge.invoke('echo'));
    await page.evaluate(() => window.bridge.send('start-port'));
    expect(await answer).toBe('take it: early');
  });

  test('a reload closes the ports of the old document', async ({ page, userData }) => {
    await page.evaluate(() => window.bridge.send('connect'));
    await expect(page.getByText('port here')).toBeVisible();
    await page.reload();
    await isReady(page);
    await expect.poll(() => lifecycle(userData)).toEqual(['port closed']);
  });
});
