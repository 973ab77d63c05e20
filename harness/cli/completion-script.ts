// The words that can be completed, as each shell reads them. Zsh reads bash's by its own
// compatibility layer. Sources: bash(1), "Programmable Completion"; fish's complete(1).

import type { CommandWords, OptionWords } from './completed-words.ts';

export function completionScript(
  shell: 'bash' | 'zsh' | 'fish',
  commands: readonly CommandWords[],
): string {
  switch (shell) {
    case 'bash':
      return bashScript(commands);
    case 'zsh':
      return `autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n${bashScript(commands)}`;
    case 'fish':
      return commands.flatMap(fishLines).join('');
    default:
      return shell satisfies never;
  }
}

function bashScript(commands: readonly CommandWords[]): string {
  const valued = commands.flatMap(({ name, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(({ flag, values }) => `    '${name} ${flag}') words='${values.join(' ')}' ;;\n`),
  );
  const plain = commands.map(({ name, options, values }) => {
    const words = [...options.map(({ flag }) => flag), '--help', ...values];
    return `    '${name} '*) words='${words.join(' ')}' ;;\n`;
  });
  const names = commands.map(({ name }) => name).join(' ');
  // What has no words is left to the shell's own completion of files.
  return `_leakbed() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words=''
  if [ "$COMP_CWORD" -eq 1 ]; then words='${names} --help --version'; else
  case "\${COMP_WORDS[1]} $before" in
${valued.join('')}${plain.join('')}  esac; fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _leakbed leakbed
`;
}

function fishLines({ name, about, options, values }: CommandWords): readonly string[] {
  const seen = `complete -c leakbed -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c leakbed -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}\n`,
    ...options.map((option) => `${seen} ${fishOption(option)}\n`),
    ...(values.length === 0 ? [] : [`${seen} -f -a ${quoted(values.join(' '))}\n`]),
  ];
}

function fishOption({ flag, about, takesValue, values }: OptionWords): string {
  const told = `-l ${flag.slice(2)} -d ${quoted(about)}`;
  if (!takesValue) return told;
  return values.length === 0 ? `${told} -r` : `${told} -x -a ${quoted(values.join(' '))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
