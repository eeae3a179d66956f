import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provenWorld, storeGoal } from '../../../test/proven-goal.ts';
import { prettyJson } from '../../shared/export/files.ts';
import { sealText } from '../../shared/proof/build.ts';
import { checkProof, documentNames } from '../../shared/proof/check.ts';
import { goalId } from '../runtime/testing/results.ts';
import { checkProofFile } from './proof-check.ts';
import { omkVersion } from './version.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const checker = { sha256, omk: omkVersion };

let root = '';
let dir = '';
beforeAll(async () => {
  const goal = await storeGoal(provenWorld());
  ({ root, dir } = goal);
  await goal.exporter.flush(goalId);
  await goal.close();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** The documents of a goal that was accepted: nothing of it was rejected for good. */
const written = documentNames.filter((name) => name !== 'rollback-rejected-slice.md');
const text = (name: string): string => readFileSync(join(dir, name), 'utf8');
const files = () => ({
  proof: text('proof.json'),
  log: text('events.jsonl'),
  beside: new Map<string, string | null>(written.map((name) => [name, text(name)])),
});
const resealed = (change: (proof: Record<string, unknown>) => void): string => {
  const { seal: _, ...proof } = JSON.parse(text('proof.json')) as Record<string, unknown>;
  change(proof);
  return prettyJson({ ...proof, seal: sha256(sealText(proof)) });
};
/** A copy of the whole state directory that a test may damage. */
function copy(): { dir: string; artifacts: string; all: string } {
  const all = mkdtempSync(join(root, 'copy-'));
  cpSync(join(root, 'goals'), join(all, 'goals'), { recursive: true });
  cpSync(join(root, 'artifacts'), join(all, 'artifacts'), { recursive: true });
  return { dir: join(all, 'goals', goalId), artifacts: join(all, 'artifacts'), all };
}
const evidenceFiles = (artifacts: string): string[] =>
  readdirSync(artifacts, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('a proof nobody touched', () => {
  it('is found unchanged, with every part counted', async () => {
    const checked = await checkProofFile(join(dir, 'proof.json'));
    expect(checked.problems).toEqual([]);
    expect(checked.notes).toEqual([]);
    const events = text('events.jsonl').trimEnd().split('\n').length;
    expect(checked).toMatchObject({ ok: true, checked: 1 + events + written.length + 4 });
    expect(JSON.parse(text('proof.json'))).toMatchObject({ status: 'ready', omk: omkVersion });
  });
});

describe('a proof with one changed byte', () => {
  /** Every so manyth byte is tried, each with one bit changed that depends on where it is. 1 tries all: none passes unnoticed. */
  const STRIDE = 9;
  const flip = (bytes: Buffer, at: number): Buffer => {
    const other = Buffer.from(bytes);
    other[at] = (other[at] ?? 0) ^ (1 << (at % 8));
    return other;
  };
  const strict = (bytes: Buffer): string | null => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return null;
    }
  };

  it('is noticed wherever it is in the proof, the log and the documents beside them', () => {
    const whole = files();
    const unnoticed: string[] = [];
    let positions = 0;
    for (const [index, name] of ['proof.json', 'events.jsonl', ...written].entries()) {
      const bytes = readFileSync(join(dir, name));
      // Where the folder was exported to may be any text: a folder that was moved is not one that was changed.
      const place = name === 'goal.json' ? bytes.indexOf(dir) : bytes.length;
      for (let at = index % STRIDE; at < bytes.length; at += STRIDE) {
        if (at >= place && at < place + dir.length) continue;
        const changed = strict(flip(bytes, at));
        const { problems } = checkProof(
          {
            proof: name === 'proof.json' ? changed : whole.proof,
            log: name === 'events.jsonl' ? changed : whole.log,
            beside: new Map(written.includes(name) ? [[name, changed]] : []),
          },
          checker,
        );
        positions += 1;
        if (problems.length === 0) unnoticed.push(`${name} ${at}`);
      }
    }
    expect(positions).toBeGreaterThan(2_000);
    expect(unnoticed).toEqual([]);
  }, 300_000);

  it('is noticed wherever it is in the evidence', async () => {
    const { dir: changed, artifacts } = copy();
    for (const file of evidenceFiles(artifacts)) {
      const bytes = readFileSync(file);
      for (let at = 0; at < bytes.length; at += 1) {
        writeFileSync(file, flip(bytes, at));
        const { problems } = await checkProofFile(join(changed, 'proof.json'));
        expect(problems).toHaveLength(1);
        expect(problems[0]).toMatch(/^Evidence [0-9a-f]{64} was changed\.$/);
      }
      writeFileSync(file, bytes);
    }
  });
});

describe('a folder with something else in it', () => {
  it.each([
    ['evidence that is gone', (o: { artifacts: string }) => rmSync(evidenceFiles(o.artifacts)[0] ?? '')],
    [
      'evidence cut short',
      (o: { artifacts: string }) => writeFileSync(evidenceFiles(o.artifacts)[0] ?? '', ''),
    ],
    [
      'two pieces of evidence in each other’s place',
      ({ artifacts }: { artifacts: string }) => {
        const [one = '', two = ''] = evidenceFiles(artifacts);
        const bytes = readFileSync(one);
        writeFileSync(one, readFileSync(two));
        writeFileSync(two, bytes);
      },
    ],
    [
      'other evidence beside the proof',
      (o: { dir: string; artifacts: string }) => {
        mkdirSync(join(o.dir, 'evidence'));
        const name = evidenceFiles(o.artifacts)[0]?.split('/').at(-1) ?? '';
        writeFileSync(join(o.dir, 'evidence', name), 'something else');
      },
    ],
    ['no log', (o: { dir: string }) => rmSync(join(o.dir, 'events.jsonl'))],
    ['an empty log', (o: { dir: string }) => writeFileSync(join(o.dir, 'events.jsonl'), '')],
    [
      'a log without its last event',
      (o: { dir: string }) => {
        const lines = text('events.jsonl').trimEnd().split('\n');
        writeFileSync(join(o.dir, 'events.jsonl'), `${lines.slice(0, -1).join('\n')}\n`);
      },
    ],
    [
      'a log whose last line was cut',
      (o: { dir: string }) => writeFileSync(join(o.dir, 'events.jsonl'), text('events.jsonl').slice(0, -1)),
    ],
    [
      'a log with its last event twice',
      (o: { dir: string }) => {
        const last = text('events.jsonl').trimEnd().split('\n').at(-1);
        writeFileSync(join(o.dir, 'events.jsonl'), `${text('events.jsonl')}${last}\n`);
      },
    ],
    [
      'a log with a blank line',
      (o: { dir: string }) => writeFileSync(join(o.dir, 'events.jsonl'), `${text('events.jsonl')}\n`),
    ],
    [
      'a log with something after its last line',
      (o: { dir: string }) => writeFileSync(join(o.dir, 'events.jsonl'), `${text('events.jsonl')}{}`),
    ],
    [
      'two events in each other’s place',
      (o: { dir: string }) => {
        const lines = text('events.jsonl').split('\n');
        [lines[3], lines[4]] = [lines[4] ?? '', lines[3] ?? ''];
        writeFileSync(join(o.dir, 'events.jsonl'), lines.join('\n'));
      },
    ],
    [
      'a document where the proof should be',
      (o: { dir: string }) => cpSync(join(o.dir, 'goal.json'), join(o.dir, 'proof.json')),
    ],
    ['an empty proof', (o: { dir: string }) => writeFileSync(join(o.dir, 'proof.json'), '')],
    ['a proof that is a list', (o: { dir: string }) => writeFileSync(join(o.dir, 'proof.json'), '[]\n')],
    [
      'a proof that is not text',
      (o: { dir: string }) => writeFileSync(join(o.dir, 'proof.json'), Buffer.alloc(99, 255)),
    ],
    [
      'a proof with a byte order mark',
      (o: { dir: string }) => writeFileSync(join(o.dir, 'proof.json'), `\ufeff${text('proof.json')}`),
    ],
    [
      'a proof on one line',
      (o: { dir: string }) =>
        writeFileSync(join(o.dir, 'proof.json'), JSON.stringify(JSON.parse(text('proof.json')))),
    ],
    ['a page that was edited', (o: { dir: string }) => writeFileSync(join(o.dir, 'proof.md'), '# Proven\n')],
  ] as const)('is noticed: %s', async (_, damage) => {
    const damaged = copy();
    damage(damaged);
    const { ok, problems } = await checkProofFile(join(damaged.dir, 'proof.json'));
    expect(ok).toBe(false);
    for (const problem of problems) expect(problem).toMatch(/^\S.*\.$/);
  });

  it('says that there is no such file', async () => {
    const missing = await checkProofFile(join(root, 'nothing', 'proof.json'));
    expect(missing).toMatchObject({
      ok: false,
      checked: 0,
      problems: [expect.stringMatching(/^There is no file/)],
    });
  });
});

describe('a proof that was sealed again after a change', () => {
  it('is noticed whichever of its members says something else than the log', () => {
    const keys = Object.keys(JSON.parse(text('proof.json')) as object).filter((key) => key !== 'seal');
    const unnoticed = keys.filter((key) => {
      if (key === 'omk') return false;
      for (const other of [undefined, null, 'other', { other: true }, []]) {
        const proof = resealed((one) => (one[key] = other));
        if (proof === text('proof.json')) continue;
        if (checkProof({ ...files(), proof }, checker).problems.length === 0) return true;
      }
      return false;
    });
    expect(keys.length).toBeGreaterThan(25);
    expect(unnoticed).toEqual([]);
  });

  it.each([
    ['a gap less', (proof: Record<string, unknown>) => (proof['known_gaps'] as string[]).pop()],
    ['a member more', (proof: Record<string, unknown>) => (proof['certified_by'] = 'somebody')],
    [
      'another count deep inside',
      (proof: Record<string, unknown>) =>
        ((
          (proof['verified'] as { gates: { counts: { passed: number } }[] }).gates[0]?.counts ?? { passed: 0 }
        ).passed = 99),
    ],
  ])('is noticed: %s', (_, change) => {
    const proof = resealed((one) => void change(one));
    expect(checkProof({ ...files(), proof }, checker).problems.length).toBeGreaterThan(0);
  });

  it('of another version of omk is held against the verdict and the evidence, and says what was not', () => {
    const foreign = (change: (proof: Record<string, unknown>) => void) =>
      checkProof(
        {
          ...files(),
          proof: resealed((one) => {
            one['omk'] = '0.0.1';
            change(one);
          }),
        },
        checker,
      );
    expect(foreign(() => {})).toMatchObject({
      problems: [],
      notes: [expect.stringMatching(/^Written by omk 0\.0\.1/)],
    });
    for (const [key, value] of [
      ['goal_id', 'goal-20260101-120000-000-ffffffff'],
      ['log', { events: 3 }],
      ['verified', { result: { commit: 'x' } }],
    ] as const)
      expect(foreign((one) => (one[key] = value)).problems.length).toBeGreaterThan(0);
  });

  it('cannot call a goal ready that the log does not', async () => {
    const world = provenWorld();
    const upTo = world.log.findIndex((one) => one.type === 'goal.accepted');
    world.log.splice(upTo);
    const goal = await storeGoal(world);
    await goal.exporter.flush(goalId);
    await goal.close();
    const at = (name: string): string => readFileSync(join(goal.dir, name), 'utf8');
    const { seal: _, ...proof } = JSON.parse(at('proof.json')) as Record<string, unknown>;
    expect(proof['status']).not.toBe('ready');
    for (const omk of [omkVersion, '0.0.1']) {
      const forged = { ...proof, status: 'ready', omk };
      const { problems } = checkProof(
        {
          proof: prettyJson({ ...forged, seal: sha256(sealText(forged)) }),
          log: at('events.jsonl'),
          beside: new Map(),
        },
        checker,
      );
      expect(problems).toContain('The log never concluded this goal as ready.');
    }
    rmSync(goal.root, { recursive: true, force: true });
  });
});

it('lets a goal’s log be passed off as no other goal’s', () => {
  const other = 'goal-20260101-120000-000-ffffffff';
  const proof = text('proof.json').replaceAll(goalId, other);
  const log = text('events.jsonl').replaceAll(goalId, other);
  const { problems } = checkProof({ proof, log, beside: new Map() }, checker);
  expect(problems.join(' ')).toMatch(/Event 1 of the log does not match its hash/);
});

it('writes to nothing it reads', async () => {
  const { dir: there, all } = copy();
  const before = readdirSync(all, { recursive: true });
  await checkProofFile(join(there, 'proof.json'));
  expect(readdirSync(all, { recursive: true })).toEqual(before);
});
