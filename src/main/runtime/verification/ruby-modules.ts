/**
 * RSpec puts `lib` before its own libraries and those of Ruby, some of which it loads late: a new file of such a name there would
 * be loaded in their place (decisions X6).
 */
const LIBRARY =
  /^lib\/(rspec(?:\/(?:core|expectations|matchers|mocks|support|version))?|json|set|time|date|delegate|erb|yaml|psych|optparse|shellwords|stringio|tempfile|tmpdir|fileutils|pp|prettyprint|rbconfig|socket|timeout|weakref|coderay|diff|bundler|minitest|test\/unit)(?:\.rb$|\/)/;

/** A repository that has such a library already is the one that makes it. */
export function shadowsLibrary(path: string, base: readonly string[]): boolean {
  const name = path.endsWith('.rb') ? LIBRARY.exec(path)?.[1] : undefined;
  return (
    name !== undefined &&
    !base.some((known) => known === `lib/${name}.rb` || known.startsWith(`lib/${name}/`))
  );
}
