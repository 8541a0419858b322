/** What the process of an embedded server tells the one that started it. */
export type EmbeddedMessage =
  | { readonly type: 'listening'; readonly port: number }
  | {
      readonly type: 'failed';
      readonly code: unknown;
      readonly reason: string;
    };
