import { Fragment } from 'react';
import { textParts } from '../../shared/safe-text.ts';

/**
 * Text that an agent or a repository wrote: text nodes only, with control and direction-changing characters shown as
 * marks. Every such text goes through here.
 */
export function Foreign(props: { text: string }) {
  const parts = textParts(props.text);
  const [only] = parts;
  if (parts.length === 1 && only?.mark === null) return <bdi className="foreign">{only.text}</bdi>;
  return (
    <bdi className="foreign">
      {parts.map((part, index) =>
        part.mark === null ? (
          // Parts of one string have no identity but their place.
          <Fragment key={index}>{part.text}</Fragment>
        ) : (
          <span key={index} className="mark-control" title={part.mark}>
            {part.text}
          </span>
        ),
      )}
    </bdi>
  );
}

/** Foreign prose in which `code` between backticks is set as code. Nothing else of Markdown is read, links stay text. */
export function ForeignProse(props: { text: string }) {
  const parts = props.text.split(/(`[^`\n]{1,400}`)/);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          <code key={index}>
            <Foreign text={part.slice(1, -1)} />
          </code>
        ) : part === '' ? null : (
          <Foreign key={index} text={part} />
        ),
      )}
    </>
  );
}
