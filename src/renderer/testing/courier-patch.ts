/** What git prints for the changes of the example goals, with what a diff view has to cope with. */
const section = (path: string, head: string, body: string): string =>
  `diff --git a/${path} b/${path}\n${head}--- a/${path}\n+++ b/${path}\n${body}`;
const fresh = (path: string, body: string): string =>
  `diff --git a/${path} b/${path}\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/${path}\n${body}`;

export const courierPatch = [
  section(
    'packages/http/vitest.config.ts',
    'index 1111111..2222222 100644\n',
    `@@ -6,7 +6,6 @@ export default defineConfig({
   test: {
     include: ['test/**/*.test.ts'],
     globals: false,
-    retry: 2,
     environment: 'node',
   },
 });
`,
  ),
  section(
    'packages/http/src/backoff.ts',
    'index 1111111..2222222 100644\n',
    `@@ -1,8 +1,13 @@ delayFor
 import type { Options } from './options.ts';
 
-/** Doubles with every attempt. */
-export function delayFor(attempt: number, base: number): number {
-  return base * 2 ** attempt;
+/** Doubles with every attempt, up to a cap, with full jitter. */
+export function delayFor(
+  attempt: number,
+  { base = 100, maxDelayMs = 30_000 }: Options,
+  random = Math.random,
+): number {
+  const cap = Math.min(maxDelayMs, base * 2 ** attempt);
+  return Math.floor(random() * cap);
 }
 
 export const never = Symbol('never');
`,
  ),
  fresh(
    'packages/http/src/clock.ts',
    `@@ -0,0 +1,18 @@
+export interface Clock {
+  now(): number;
+  sleep(ms: number, signal?: AbortSignal): Promise<void>;
+}
+
+/** Waits on the monotonic clock, so that a jump of the wall clock changes nothing. */
+export const systemClock: Clock = {
+  now: () => performance.now(),
+  sleep: (ms, signal) =>
+    new Promise((resolve, reject) => {
+      const timer = setTimeout(resolve, ms);
+      signal?.addEventListener('abort', () => {
+        clearTimeout(timer);
+        reject(signal.reason);
+      });
+    }),
+};
+// \u202egnp.exe
`,
  ),
  section(
    'packages/http/src/retry.ts',
    'index 1111111..2222222 100644\n',
    `@@ -18,14 +18,17 @@ import { delayFor } from './backoff.ts';
 
 /** Sends again until it works or the attempts are used up. */
 export async function withRetry(
   send: Send,
-  { retries = 3, delay = 100 }: Options,
+  { retries = 3, clock = systemClock, ...backoff }: Options,
 ) {
+  let last: Failure | undefined;
   for (let n = 0; n <= retries; n++) {
-    try { return await send(); }
-    catch { await sleep(delay * 2 ** n); }
+    const out = await attempt(send);
+    if (out.ok || !out.retryable) return out;
+    if (signal?.aborted) throw signal.reason;
+    await clock.sleep(delayFor(n, backoff));
   }
-  throw new Error('gave up');
+  throw new RetryError(last, { attempts: retries + 1 });
 }
 
 function attempt(send: Send): Promise<Outcome> {
`,
  ),
  section(
    'packages/http/src/index.ts',
    'index 1111111..2222222 100644\n',
    `@@ -3,3 +3,5 @@ export { request } from './request.ts';
 export { withRetry } from './retry.ts';
 export type { Options } from './options.ts';
 export { RetryError } from './errors.ts';
+export { systemClock } from './clock.ts';
+export type { Clock } from './clock.ts';
`,
  ),
  fresh(
    'packages/http/test/backoff.test.ts',
    `@@ -0,0 +1,14 @@
+import { expect, it } from 'vitest';
+import { delayFor } from '../src/backoff.ts';
+
+it('stays within the cap', () => {
+  for (let n = 0; n < 40; n += 1) {
+    expect(delayFor(n, { maxDelayMs: 1_000 }, () => 1)).toBeLessThanOrEqual(1_000);
+  }
+});
+
+it('spreads 1,000 delays evenly', () => {
+  const delays = Array.from({ length: 1_000 }, (_, n) => delayFor(5, {}, seeded(n)));
+  expect(spread(delays)).toBeGreaterThan(0.9);
+});
+
`,
  ),
].join('');
