/** A key press as `before-input-event` describes it. */
export type KeyInput = {
  readonly type: 'keyDown' | 'keyUp';
  readonly key: string;
  readonly code: string;
  readonly isAutoRepeat: boolean;
  readonly isComposing: boolean;
  readonly shift: boolean;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  readonly location: number;
};

/** What the page's isolated world tells the main process. Values (`args`, `data`) are in the codec's text. */
export type FromPage =
  | { readonly type: 'invoke'; readonly id: number; readonly channel: string; readonly args: string }
  | {
      readonly type: 'send';
      readonly channel: string;
      readonly args: string;
      readonly ports: readonly string[];
    }
  | {
      readonly type: 'port-message';
      readonly port: string;
      readonly data: string;
      readonly ports: readonly string[];
    }
  | { readonly type: 'port-close'; readonly port: string }
  | {
      readonly type: 'window-open';
      readonly url: string;
      readonly frameName: string;
      readonly features: string;
    }
  | { readonly type: 'window-close' }
  | { readonly type: 'title'; readonly title: string }
  | { readonly type: 'input'; readonly input: KeyInput }
  | { readonly type: 'preload-error'; readonly message: string; readonly stack: string };

/** What the main process tells the isolated world. */
export type ToPage =
  | { readonly type: 'reply'; readonly id: number; readonly ok: true; readonly value: string }
  | { readonly type: 'reply'; readonly id: number; readonly ok: false; readonly message: string }
  | {
      readonly type: 'event';
      readonly channel: string;
      readonly args: string;
      readonly ports: readonly string[];
    }
  | {
      readonly type: 'port-message';
      readonly port: string;
      readonly data: string;
      readonly ports: readonly string[];
    }
  | { readonly type: 'port-close'; readonly port: string }
  | { readonly type: 'drop'; readonly files: readonly { readonly name: string; readonly path: string }[] };

/** What a page's scripts are told when they start. */
export type PageConfig = {
  /** Name of the CDP binding that carries `[location.href, FromPage]` as JSON. */
  readonly binding: string;
  /** Secret event name of the bridge between the two worlds. */
  readonly channel: string;
  readonly platform: string;
  readonly arch: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
};
