import { describe, expect, it } from 'vitest';
import type { GateParser } from '../../../shared/goal/gate-parser.ts';
import { gateOf } from '../testing/gates.ts';
import { narrowed } from './narrowed.ts';

describe('a gate with some of its tests', () => {
  const of = (parser: GateParser, command: string, ...ids: string[]): string | null =>
    narrowed(gateOf(command.split(' '), { parser }), ids)?.argv.join(' ') ?? null;
  it('is told by an option that can only leave tests out', () => {
    expect(of('vitest-json', 'vitest run', 'a.test.js > s > adds (1+1)', 'a.test.js > is #2')).toBe(
      String.raw`vitest run -t (?:adds \(1\+1\)|is)$`,
    );
    expect(of('go-json', 'go test -count=1 ./...', 'x/y > TestA')).toBe(
      'go test -run ^(?:TestA)$ -count=1 ./...',
    );
    expect(of('node-tap', 'node --test', 'a.js > b')).toBe('node --test-name-pattern ^(?:b)$ --test');
    expect(of('pytest', 'python3 -m pytest tests', 'a.py > T > test_a', 'a.py > test_b[1-x]')).toBe(
      'python3 -m pytest tests -k test_a or test_b',
    );
    expect(of('ctest', 'ctest --test-dir b', 'adds')).toBe('ctest --test-dir b -R ^(adds)$');
  });
  it('is not made where its argv chooses already, or the runner cannot', () => {
    expect(of('vitest-json', 'vitest run -t x', 'a > b')).toBeNull();
    expect(of('go-json', 'go test -run=A', 'a > b')).toBeNull();
    expect(of('cargo-test', 'cargo test', 'a > b')).toBeNull();
    expect(of('none', 'make test', 'a > b')).toBeNull();
    expect(of('ctest', 'ctest')).toBeNull();
  });
});
