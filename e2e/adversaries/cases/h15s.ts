import { defineCase } from '../case.ts';
import { also, fix } from '../honest.ts';
import { behind, crate, goModule, node, python, shell } from '../repositories.ts';

export const theCase = defineCase({
  id: 'H15s',
  title: 'fixes or builds honestly, in plain shell, Rust or Go, or with tests behind a command',
  honest: true,
  expected: 'ready',
  layers: [],
  variants: {
    'shell-gates': { repository: (p) => shell(p, 'gates'), agent: fix },
    'shell-make': { repository: (p) => shell(p, 'make'), agent: fix, needs: ['make'] },
    'shell-with-more': {
      repository: (p) => shell(p, 'gates'),
      agent: also(({ write }) => write('bin/hello.sh', 'echo hello\n', 0o755)),
    },
    'shell-executable': {
      repository: (p) => shell(p, 'gates'),
      agent: also(({ run, repository }) => void run('chmod', '+x', repository.product)),
    },
    'cargo-fix': { repository: (p) => crate(p), agent: fix, needs: ['cargo'], slow: true },
    'cargo-with-new-module': {
      repository: (p) => crate(p),
      agent: also(({ edit, write, repository }) => {
        write('src/extra.rs', 'pub fn same(n: i64) -> i64 {\n    n\n}\n');
        edit(repository.product, (text) => `pub mod extra;\n${text}`);
      }),
      needs: ['cargo'],
      slow: true,
    },
    'node-behind-a-command': { repository: (p) => behind(node(p), 'node --test'), agent: fix },
    'unittest-behind-a-command': {
      repository: (p) => behind(python(p, 'unittest'), 'python3 -m unittest'),
      agent: fix,
    },
    'go-behind-a-command': {
      repository: (p) => behind(goModule(p), 'go test ./...'),
      agent: fix,
      needs: ['go'],
      slow: true,
    },
    'go-fix': { repository: (p) => goModule(p), agent: fix, needs: ['go'], slow: true },
  },
});
