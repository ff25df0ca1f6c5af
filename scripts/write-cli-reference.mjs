// Writes docs/cli.md, the `--help` of every command: generated, committed, never edited by hand.
// With --check it writes nothing and exits with 1 where the committed page is not what the commands say.
import { readFile, writeFile } from 'node:fs/promises';
import { buildProgram } from '../dist/cli/main.js';

const file = new URL('../docs/cli.md', import.meta.url);
const page = pageOf(buildProgram());
if (!process.argv.includes('--check')) await writeFile(file, page);
else if ((await readFile(file, 'utf8').catch(() => '')) !== page) {
  console.error('docs/cli.md is not what --help says: run node scripts/write-cli-reference.mjs');
  process.exitCode = 1;
}

function pageOf(program) {
  const head = '# The command line\n\nGenerated from the commands by `node scripts/write-cli-reference.mjs`.\n';
  return [head, ...program.commands.flatMap((command) => sectionsOf(command, 'termweave'))].join('\n');
}

/** A command's section, and one for each command under it. */
function sectionsOf(command, parent) {
  const name = `${parent} ${command.name()}`;
  const section = `## ${name}\n\n\`\`\`\n${helpOf(command)}\n\`\`\`\n`;
  return [section, ...command.commands.flatMap((under) => sectionsOf(under, name))];
}

/** What `--help` prints, examples included. */
function helpOf(command) {
  let help = '';
  command.configureHelp({ helpWidth: 120 }).configureOutput({
    writeOut: (text) => {
      help += text;
    },
    getOutHelpWidth: () => 120,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return help.replace(/[ \t]+$/gm, '').trim();
}
