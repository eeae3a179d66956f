import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isolationAvailable } from './isolation.ts';
import { spawnManaged } from './spawn.ts';
import { noSandbox } from './types.ts';
import type { Sandbox } from './types.ts';

const isolation = await isolationAvailable();
if (isolation.use === 'none') console.log(`namespaces are not tested: ${isolation.note}`);

let dir: string;
beforeEach(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'omk-sandbox-')));
  for (const folder of ['project', 'project/sub', 'state/slice', 'state/vault', 'login'])
    mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'project/secret.txt'), 'secret');
  writeFileSync(join(dir, 'state/vault/key'), 'key');
  writeFileSync(join(dir, 'state/slice/code.ts'), 'code');
  writeFileSync(join(dir, 'login/token'), 'token');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function sh(script: string, sandbox: Partial<Sandbox>) {
  const child = spawnManaged({
    argv: ['/bin/sh', '-c', script],
    cwd: join(dir, 'state/slice'),
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' },
    sandbox: { ...noSandbox, use: 'namespaces', ...sandbox },
    stdin: '',
  });
  const [out, errors, exit] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
  await child.stop({ graceMs: 0, term: false });
  return { out, errors, ...exit };
}

describe.skipIf(isolation.use === 'none')('in namespaces', () => {
  it('shows a folder inside a hidden one, and hides one inside a shown one', async () => {
    mkdirSync(join(dir, 'state/slice/private'));
    writeFileSync(join(dir, 'state/slice/private/x'), 'x');
    const { out, errors } = await sh(
      'cat code.ts; ls -A .. private; cat ../vault/key ../../project/secret.txt; echo new > made',
      {
        hide: [join(dir, 'state'), join(dir, 'project/secret.txt'), join(dir, 'state/slice/private')],
        writable: [join(dir, 'state/slice')],
      },
    );
    expect(out).toBe('code..:\nslice\n\nprivate:\n');
    expect(errors).toContain('vault/key');
    expect(readFileSync(join(dir, 'state/slice/made'), 'utf8')).toBe('new\n');
    expect(readFileSync(join(dir, 'project/secret.txt'), 'utf8')).toBe('secret');
  });

  it('lets nothing be written outside the writable folders, and nothing into a mask', async () => {
    const { out } = await sh(
      `for f in ${dir}/project/new ${dir}/new /etc/omk-new "$HOME/new" ${dir}/state/vault/new ${dir}/project/secret.txt /proc/sys/kernel/hostname ${dir}/login/token; do ( : > "$f" ) 2>/dev/null && echo "wrote $f"; done; : > mine && echo fine`,
      {
        readOnlyRoot: true,
        writable: [join(dir, 'state/slice')],
        hide: [join(dir, 'state/vault'), join(dir, 'login/token')],
      },
    );
    expect(out).toBe('fine\n');
  });

  it('makes a folder read-only wherever it is, also inside a writable one', async () => {
    const { out } = await sh(
      `: > ok && echo 1; ( : > code/x ) 2>/dev/null || echo 2; cat code/a`,
      (() => {
        mkdirSync(join(dir, 'state/slice/code'));
        writeFileSync(join(dir, 'state/slice/code/a'), 'a');
        return {
          readOnlyRoot: true,
          writable: [join(dir, 'state/slice')],
          readOnly: [join(dir, 'state/slice/code')],
        };
      })(),
    );
    expect(out).toBe('1\n2\na');
  });

  it('binds files and folders to other paths, read-only when told, and follows links of what it hides', async () => {
    symlinkSync(join(dir, 'project'), join(dir, 'link'));
    const bound = join(dir, 'home', 'token');
    const { out, spawnError } = await sh(
      `cat ${bound}; ( echo y > ${bound} ) 2>/dev/null || echo ro; echo z > ${dir}/neutral/sub/made; ls ${dir}/project`,
      {
        hide: [join(dir, 'link')],
        bind: [
          { from: join(dir, 'login/token'), to: bound, readOnly: true },
          { from: join(dir, 'state/vault'), to: join(dir, 'neutral/sub'), readOnly: false },
        ],
      },
    );
    expect(spawnError).toBeNull();
    expect(out).toBe('tokenro\n');
    expect(readFileSync(join(dir, 'state/vault/made'), 'utf8')).toBe('z\n');
  });

  it('applies read-only and hide to what a bind shows', async () => {
    mkdirSync(join(dir, 'state/slice/node_modules'));
    writeFileSync(join(dir, 'state/slice/node_modules/m'), 'm');
    mkdirSync(join(dir, 'fixed'));
    const { out } = await sh(
      `cat ${dir}/fixed/node_modules/m; ( : > ${dir}/fixed/node_modules/x ) 2>/dev/null || echo ro; : > ${dir}/fixed/y && echo rw`,
      {
        bind: [{ from: join(dir, 'state/slice'), to: join(dir, 'fixed'), readOnly: false }],
        readOnly: [join(dir, 'fixed/node_modules')],
      },
    );
    expect(out).toBe('mro\nrw\n');
    expect(existsSync(join(dir, 'state/slice/y'))).toBe(true);
  });

  it('survives paths with every character a path may have', async () => {
    const odd = join(dir, `it's "odd" $HOME \`x\` \\ ;é\n日`);
    mkdirSync(odd);
    writeFileSync(join(odd, 'f'), 'f');
    const { out } = await sh('ls -A ../../it* | wc -l', { hide: [odd] });
    expect(out.trim()).toBe('0');
  });

  it('makes files that belong to the user who runs omk', async () => {
    await sh('echo x > owned; id -u > uid', {});
    expect(statSync(join(dir, 'state/slice/owned')).uid).toBe(process.getuid?.());
    expect(readFileSync(join(dir, 'state/slice/uid'), 'utf8').trim()).toBe(String(process.getuid?.()));
  });

  it('leaves the program no power over the mounts, and no way to look behind them', async () => {
    const { out } = await sh(
      `umount ${dir}/state/vault 2>/dev/null && echo unmounted; mount -o remount,rw / 2>/dev/null && echo remounted
       unshare -Urm sh -c 'umount ${dir}/state/vault || mount -o remount,bind,rw ${dir}/login' 2>/dev/null && echo nested
       cat /proc/1/root${dir}/state/vault/key 2>/dev/null; ls ${dir}/state/vault; ( : > ${dir}/login/x ) 2>/dev/null && echo wrote; true`,
      { readOnlyRoot: true, hide: [join(dir, 'state/vault')] },
    );
    expect(out).toBe('');
  });

  it('sees only its own processes', async () => {
    const { out } = await sh(
      `ls /proc | grep -c '^[0-9]*$'; [ -e /proc/${process.pid}/cwd ] && readlink /proc/${process.pid}/cwd; true`,
      {},
    );
    expect(Number(out.trim())).toBeLessThan(8);
  });

  it('reaches the network only when it may', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const ask = `exec 2>/dev/null; node -e 'require("net").connect(${port},"127.0.0.1").on("data",d=>process.stdout.write(d)).on("error",()=>process.stdout.write("refused"))'`;
    try {
      const path = { PATH: `${process.execPath.replace(/\/[^/]+$/, '')}:/usr/bin:/bin` };
      const results = await Promise.all(
        [true, false].map(async (network) => {
          const child = spawnManaged({
            argv: ['/bin/sh', '-c', ask],
            cwd: dir,
            env: path,
            sandbox: { ...noSandbox, use: 'namespaces', network },
            stdin: '',
          });
          const out = await text(child.stdout);
          await child.stop({ graceMs: 0, term: false });
          return out;
        }),
      );
      expect(results).toEqual(['hello', 'refused']);
    } finally {
      server.close();
    }
  });

  it('refuses to start rather than to start with less', async () => {
    const missing = await sh('echo ran', { hide: [join(dir, 'nothing')] });
    expect(missing).toMatchObject({ out: '', spawnError: { code: 'sandbox.missing' } });
    const relative = await sh('echo ran', { hide: ['project'] });
    expect(relative.spawnError?.code).toBe('sandbox.relative');
    const gone = await sh('echo ran', { hide: [join(dir, 'state')] });
    expect(gone).toMatchObject({ out: '', spawnError: { code: 'ENOENT' } });
  });

  it('tells a program that does not exist from one that fails', async () => {
    const run = async (program: string) => {
      const child = spawnManaged({
        argv: [program],
        cwd: dir,
        env: { PATH: '/usr/bin:/bin' },
        sandbox: { ...noSandbox, use: 'namespaces' },
        stdin: '',
      });
      const exit = await child.exited;
      await child.stop({ graceMs: 0, term: false });
      return exit.spawnError?.code ?? exit.code;
    };
    writeFileSync(join(dir, 'plain'), '', { mode: 0o600 });
    expect(await Promise.all(['no-such-program', '/no/such', join(dir, 'plain'), 'false'].map(run))).toEqual([
      'ENOENT',
      'ENOENT',
      'EACCES',
      1,
    ]);
  });

  it('passes an extra pipe of any number through', async () => {
    const numbers = [3, 6, 8, 9];
    const reports = await Promise.all(
      numbers.map(async (extraPipe) => {
        const child = spawnManaged({
          argv: ['/bin/sh', '-c', `echo report ${extraPipe} >&${extraPipe}`],
          cwd: dir,
          env: {},
          sandbox: { ...noSandbox, use: 'namespaces' },
          stdin: '',
          extraPipe,
        });
        const report = child.extra === null ? '' : await text(child.extra);
        await child.stop({ graceMs: 0, term: false });
        return report;
      }),
    );
    expect(reports).toEqual(numbers.map((n) => `report ${n}\n`));
  });
});
