import { Foreign } from '../../ui/foreign.tsx';

/** Text that may end in a patch: from the patch's head on, added and removed lines stand on their colour. */
export function PatchText(props: { text: string }) {
  const { text } = props;
  const start = /^(?:diff --git |--- .*\n\+\+\+ )/m.exec(text)?.index;
  if (start === undefined) return <Foreign text={text} />;
  return (
    <>
      {start > 0 && <Foreign text={text.slice(0, start)} />}
      {text
        .slice(start)
        .replace(/\n$/, '')
        .split('\n')
        .map((line, index) => (
          // Lines of one text have no identity but their place.
          <span key={index} className="patch-line" data-kind={kindOf(line)}>
            <Foreign text={line === '' ? ' ' : line} />
          </span>
        ))}
    </>
  );
}

function kindOf(line: string): 'head' | 'added' | 'removed' | undefined {
  if (/^(?:diff --git |index |--- |\+\+\+ |@@ |new file |deleted file |old mode |new mode )/.test(line))
    return 'head';
  return line.startsWith('+') ? 'added' : line.startsWith('-') ? 'removed' : undefined;
}
