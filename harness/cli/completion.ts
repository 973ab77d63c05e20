// `leakbed completion`: prints what a shell has to read to complete leakbed's words. It is made of
// the commands themselves, so that it knows every option there is.

import { Argument, Command } from 'commander';

const shells = ['bash', 'zsh', 'fish'] as const;

/** `program` is asked when the command runs: by then it has all commands. */
export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('Print the completion of leakbed for a shell.')
    .addArgument(new Argument('<shell>', 'which shell').choices([...shells]))
    .addHelpText(
      'after',
      `
Examples:
  $ leakbed completion bash >> ~/.bashrc
  $ leakbed completion zsh >> ~/.zshrc
  $ leakbed completion fish > ~/.config/fish/completions/leakbed.fish`,
    )
    .action(async (shell: (typeof shells)[number]) => {
      const [{ completionScript }, { completedWords }] = await Promise.all([
        import('./completion-script.ts'),
        import('./completed-words.ts'),
      ]);
      process.stdout.write(completionScript(shell, completedWords(program)));
    });
}
