// The rules of style that a machine can hold, each one file in tidy/: CONTRIBUTING.md says what
// they are for. They run over the project in tidy.test.ts, and over snippets in tidy/*.test.ts.

import { exitCodes } from '../harness/cli/exit-codes.ts';
import { scenarios } from '../harness/scenarios/index.ts';
import { injectors } from '../injectors/index.ts';
import { leaks, pythonLeaks } from '../injectors/leaks/index.ts';
import { bannedConstructs } from './tidy/banned.ts';
import { deadFiles } from './tidy/dead-files.ts';
import { oneWayImports } from './tidy/imports.ts';
import { fileNames, headers } from './tidy/names.ts';
import { catalogueRule, folderReadmes } from './tidy/readmes.ts';
import { secrets } from './tidy/secrets.ts';
import { shortFiles, shortFunctions, shortLines } from './tidy/sizes.ts';
import type { Rule } from './tidy/tree.ts';

const names = (list: readonly { readonly name: string }[]) => list.map(({ name }) => name);
/** The front page shows families; planted leaks have a table of their own. */
const families = [...new Set(injectors.map(({ family }) => family))];
const scenarioIds = scenarios.map(({ id }) => id);

const catalogues = catalogueRule([
  { noun: 'fault', names: names(injectors), readme: 'injectors/README.md' },
  { noun: 'fault family', names: families, readme: 'README.md' },
  {
    noun: 'leak',
    names: names([...leaks, ...pythonLeaks]),
    readme: 'injectors/leaks/README.md',
  },
  { noun: 'leak', names: names(leaks), readme: 'README.md' },
  { noun: 'scenario', names: scenarioIds, readme: 'harness/scenarios/README.md' },
  { noun: 'scenario', names: scenarioIds, readme: 'README.md' },
  { noun: 'exit code', names: Object.values(exitCodes).map(String), readme: 'README.md' },
]);

/** Every rule under the claim it makes of the project. */
export const rules: Readonly<Record<string, Rule>> = {
  'imports go one way': oneWayImports,
  'files have at most 400 lines, and say why beyond 250': shortFiles,
  'functions have at most 70 lines': shortFunctions,
  'lines have at most 100 columns': shortLines,
  'nothing banned is used': bannedConstructs,
  'file names are kebab-case and say what the file holds': fileNames,
  'sources begin with what they are': headers,
  'no file is dead': deadFiles,
  'every folder is explained': folderReadmes,
  'every list in code has its table': catalogues,
  'nothing looks like a credential': secrets,
};
