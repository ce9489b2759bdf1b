import type { Rule } from '../../rule.js';
import { OWASP } from '../trust.js';

/** CWE-377: temporary files with names that others can guess. */
export const TEMP_FILES: Rule = {
  id: 'insecure-temp-file',
  title: 'Temporary file with a name that can be guessed',
  cwe: 'CWE-377',
  owasp: OWASP.access,
  severity: 'medium',
  message:
    'Another user of the machine can put a file or a link there before this program opens it.',
  recommendation: {
    python: 'Let the library create it: `with tempfile.NamedTemporaryFile() as file:`.',
    javascript: "Make a folder of your own: `fs.mkdtempSync(path.join(os.tmpdir(), 'app-'))`.",
  },
  sinks: [
    { language: 'python', call: ['tempfile.mktemp', 'os.{tempnam,tmpnam}'] },
    {
      language: 'python',
      call: ['open', 'io.open', 'os.open'],
      when: [
        { arg: 0, matches: /^\/(var\/)?tmp\/[^\0]+$/ },
        { arg: [1, 'mode'], matches: /[wax+]/ },
      ],
      confidence: 'medium',
    },
    {
      language: 'javascript',
      call: [
        'fs.{writeFile,writeFileSync,createWriteStream,appendFileSync,appendFile,openSync}',
        'fs.promises.writeFile',
        'fs/promises.writeFile',
      ],
      when: [{ arg: 0, matches: /^\/(var\/)?tmp\/[^\0]+$/ }],
      confidence: 'medium',
    },
  ],
};
