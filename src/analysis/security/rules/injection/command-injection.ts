import type { Rule } from '../../rule.js';
import { ANY_DYNAMIC, FROM_REMOTE, OWASP } from '../trust.js';

/** A program's name, and a dynamic value among its arguments; no statement of SQL. */
const COMMAND_LINE =
  /^\s*(?!(select|insert|update|delete|create|alter|drop|with|replace|call|exec)\b)[a-z][\w./-]* [^\0]*\0/;

/** CWE-78: commands that a shell reads. */
export const COMMAND_INJECTION: Rule = {
  id: 'command-injection',
  title: 'Shell command built from a dynamic value',
  cwe: 'CWE-78',
  owasp: OWASP.injection,
  severity: 'critical',
  message:
    'A dynamic value becomes part of a command that a shell reads, so that it can start other commands.',
  recommendation: {
    python:
      'Pass a list of arguments and no shell: `subprocess.run(["ping", "-c", "1", host], check=True)`; where a shell is needed, `shlex.quote` each value.',
    javascript: "Pass a list of arguments and no shell: `execFile('ping', ['-c', '1', host])`.",
  },
  flow: { context: 'shell', trust: ANY_DYNAMIC },
  sinks: [
    {
      language: 'python',
      call: [
        'os.{system,popen,popen2,popen3,popen4}',
        'subprocess.{getoutput,getstatusoutput}',
        'commands.{getoutput,getstatusoutput}',
        'popen2.{popen2,popen3,popen4}',
        'asyncio.{create_subprocess_shell,subprocess.create_subprocess_shell}',
        'subprocess.capture_output',
        'pexpect.{run,spawn}',
        'platform.popen',
      ],
      args: [0, 'cmd', 'command'],
    },
    {
      language: 'python',
      call: [
        'subprocess.{run,call,check_call,check_output,Popen}',
        '*.subprocess.{run,call,check_call,check_output,Popen}',
      ],
      args: [0, 'args'],
      when: [{ arg: 'shell', is: [true, 1] }],
    },
    {
      language: 'python',
      call: [
        'subprocess.{run,call,check_call,check_output,Popen}',
        'asyncio.create_subprocess_exec',
      ],
      args: ['0.2', 'args.2'],
      when: [
        { arg: ['0.0', 'args.0'], matches: /^(\/bin\/)?(ba|z|da|k)?sh$|^cmd(\.exe)?$|^powershell/ },
      ],
    },
    // Without a shell, but the program itself is chosen from outside.
    {
      language: 'python',
      call: [
        'subprocess.{run,call,check_call,check_output,Popen}',
        'asyncio.create_subprocess_exec',
        'os.{execl,execle,execlp,execv,execve,execvp,execvpe,startfile}',
        'os.{spawnl,spawnlp,spawnv,spawnvp}',
      ],
      args: [0, 'args'],
      unless: [
        { arg: ['0.0', 'args.0'], matches: /^[^\0]+/ },
        { arg: 'shell', is: [true, 1] },
      ],
      trust: FROM_REMOTE,
    },
    {
      language: 'python',
      call: ['*.exec_command', '*.{sudo,run}'],
      args: [0],
      receiver: /paramiko|ssh|fabric|invoke/i,
      trust: ANY_DYNAMIC,
    },
    {
      language: 'javascript',
      call: [
        'child_process.{exec,execSync}',
        '*.child_process.{exec,execSync}',
        'shelljs.exec',
        'shell.exec',
        'execa.{shell,shellSync,command,commandSync,execaCommand,execaCommandSync}',
        'exec-sh',
        'child-process-promise.exec',
        'execSync',
        'sync-exec',
        'exec-promise',
        'Deno.run',
        'ssh2.Client().exec',
        'execAsync',
        'execPromise',
      ],
      args: [0],
    },
    // Helpers that run commands, by what they are called
    {
      language: 'python',
      call: [
        '{*.,}{run_command,run_cmd,run_shell,run_ssh,_run_ssh,_run_command,_run_cmd,_cli_run,cli_run,ssh_exec,ssh_execute,_ssh_execute,exec_cmd,exec_command,_exec,_execute,shell,_shell,adb_shell,execute_cmd,execute_command,_execute_command,execute_shell,shell_exec,run_shell_command,run_local}',
      ],
      args: [0, 'cmd', 'command'],
      needsText: true,
      text: COMMAND_LINE,
    },
    {
      language: 'javascript',
      call: [
        '{*.,}{runCommand,runCmd,runShell,runShellCommand,execCommand,execCmd,execShell,execShellCommand,executeCommand,shellExec,execp,sshExec}',
      ],
      args: [0],
      needsText: true,
      text: COMMAND_LINE,
    },
    // Excerpts, and modules that are handed in
    {
      language: 'javascript',
      call: [
        '{exec,cp.exec,cp.execSync,childProcess.exec,childProcess.execSync,child.exec,proc.exec}',
      ],
      args: [0],
      needsText: true,
      text: /[\w"'] *\0|\0 +\S/,
    },
    {
      language: 'javascript',
      call: [
        'child_process.{spawn,spawnSync,execFile,execFileSync}',
        'cross-spawn',
        'cross-spawn.{spawn,sync}',
        'execa',
        'execa.{execa,sync,execaSync}',
      ],
      args: [0, 1],
      when: [{ arg: ['2.shell', '1.shell'], is: [true, '/bin/sh', '/bin/bash', 'bash', 'sh'] }],
    },
    {
      language: 'javascript',
      call: ['child_process.{spawn,spawnSync,execFile,execFileSync}'],
      args: ['1.0', '1.1', '1.2'],
      when: [{ arg: 0, matches: /^(\/bin\/)?(ba|z|da|k)?sh$|^cmd(\.exe)?$|^powershell/ }],
    },
    {
      language: 'javascript',
      call: ['child_process.{spawn,spawnSync,execFile,execFileSync,fork}'],
      args: [0],
      trust: FROM_REMOTE,
    },
  ],
};
