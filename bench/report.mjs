/** The report as a table. */
import { availableParallelism } from 'node:os';
import process from 'node:process';

export function printReport({ start, http, tasks, sockets, warmBuilds, cancel }) {
  console.log(`\nNode ${process.versions.node}, ${availableParallelism()} cores\n`);
  table(
    ['', 'per second', 'of bare node:http', 'p50 ms', 'p99 ms', 'CPU µs each', 'bare CPU µs'],
    [
      ...Object.entries(http).map(([name, figures]) => [
        name,
        figures.perSecond.toFixed(0),
        figures.ofBare.toFixed(3),
        figures.p50Ms.toFixed(0),
        figures.p99Ms.toFixed(0),
        figures.cpuMicros.toFixed(0),
        figures.bareCpuMicros.toFixed(0),
      ]),
      [`${tasks.tasks} tasks, POST to end`, tasks.perSecond.toFixed(0), '', '', '', '', ''],
      [
        `WebSocket, ${sockets.events} events to ${sockets.clients} clients`,
        sockets.perSecond.toFixed(0),
        '',
        sockets.p50Ms.toFixed(0),
        sockets.p99Ms.toFixed(0),
        '',
        '',
      ],
    ],
  );
  table(
    ['', 'ready after s', 'RSS MB'],
    Object.entries(start).map(([name, { readyMs, rssMb }]) => [
      `${name} start`,
      seconds(readyMs),
      String(rssMb ?? '?'),
    ]),
  );
  table(
    ['', 'total s', 'checks s', 'total to checks'],
    [
      ...Object.entries(warmBuilds).map(([framework, build]) =>
        'skipped' in build
          ? [`${framework} build left out: ${build.skipped}`, '', '', '']
          : [
              `${framework} build, warm, ${build.testsPassed} tests`,
              seconds(build.totalMs),
              seconds(build.checksMs),
              (build.totalMs / build.checksMs).toFixed(2),
            ],
      ),
      ['cancel of a running build', cancel ? seconds(cancel.stoppedInMs) : '', '', ''],
    ],
  );
}

function table(head, rows) {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column].length)),
  );
  for (const row of [head, ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]),
    );
    console.log(cells.join('  ').trimEnd());
  }
  console.log();
}

function seconds(ms) {
  return (ms / 1000).toFixed(2);
}
