type Message = Readonly<Record<string, unknown>>;

/** Every one must have a name, a description and a schema, as the real server insists. */
export function externalTools(params: Message | undefined): readonly string[] {
  const offered = params?.['external_tools'];
  if (!Array.isArray(offered)) return [];
  return (offered as Message[]).map((tool) => {
    const schema = tool['parameters'] as Message | undefined;
    if (
      typeof tool['name'] !== 'string' ||
      typeof tool['description'] !== 'string' ||
      schema?.['type'] !== 'object'
    )
      throw new Error(`not a tool: ${JSON.stringify(tool)}`);
    return tool['name'];
  });
}

export const initialized = (version: string): Message => ({
  protocol_version: version,
  server: { name: 'Fake Wire Server', version: '1.0.0' },
  slash_commands: [{ name: 'compact', description: 'Compact the context', aliases: [] }],
  hooks: { supported_events: ['PreToolUse', 'PostToolUse', 'Stop'], configured: {} },
  capabilities: { supports_question: true },
});
