// Everything that can be done from the command palette. None has a hotkey of its own: those are for people to give.
import type { TFile } from 'obsidian';
import { reason } from '../pool/failures.js';
import { toldOf } from '../notes/upkeep.js';
import { tasksIn } from '../notes/tasks-in-note.js';
import { VIEW_NAMES, VIEWS } from '../views/views.js';
import type PoolPlugin from './main.js';
import { bringUpToDate, taskIdOf, tie } from './notes.js';

export function addCommands(plugin: PoolPlugin): void {
  for (const name of VIEW_NAMES) {
    plugin.addCommand({
      id: `open-${name}`,
      name: `Open ${VIEWS[name].title.toLowerCase()}`,
      callback: () => plugin.session.host.openView(name, 'new'),
    });
  }
  addForMaintainers(plugin);
  addForWorkers(plugin);
  addForNotes(plugin);
  plugin.addCommand({
    id: 'test-connection',
    name: 'Test the connection',
    callback: () => attempt(plugin, async () => plugin.session.host.say(await plugin.testConnection())),
  });
}

function addForMaintainers(plugin: PoolPlugin): void {
  const asMaintainer = (id: string, name: string, callback: () => void) =>
    plugin.addCommand({
      id,
      name,
      checkCallback: (checking) => {
        if (!plugin.session.admin) return false;
        if (!checking) callback();
        return true;
      },
    });
  asMaintainer('register-repository', 'Register a repository or set its budget', () =>
    plugin.session.host.openForm('repo', {}),
  );
  asMaintainer('import-tasks', 'Import tasks', () => plugin.session.host.openForm('import', {}));
  asMaintainer('start-demo', 'Start the demo', () => {
    plugin.session.host.openView('demo', 'new');
    attempt(plugin, () => plugin.session.demo.start());
  });
  asMaintainer('remove-demo', 'Put the demo away', () => attempt(plugin, () => plugin.session.demo.remove()));
}

function addForWorkers(plugin: PoolPlugin): void {
  plugin.addCommand({
    id: 'register-worker',
    name: 'Register as a worker',
    callback: () => plugin.session.host.openForm('register', {}),
  });
  const asWorker = (id: string, name: string, callback: () => void) =>
    plugin.addCommand({
      id,
      name,
      checkCallback: (checking) => {
        if (!plugin.session.worker) return false;
        if (!checking) callback();
        return true;
      },
    });
  asWorker('toggle-heartbeat', 'Switch the heartbeat on or off', () => {
    const { work, host } = plugin.session;
    if (work.beating) attempt(plugin, () => work.rest());
    else work.beat();
    host.keepHeartbeat(work.beating);
    host.say(work.beating ? 'The pool hears that you are here.' : 'You pause: nothing new is given to you.');
  });
  asWorker('get-work', 'Get work', () => {
    const { work, host } = plugin.session;
    host.openView('work', 'new');
    attempt(plugin, async () => {
      if ((await work.ask()) === 0) host.say('Nothing fits you right now; my work says what is in the way.');
    });
  });
  asWorker('make-notes', 'Make notes of the tasks I hold', () =>
    attempt(plugin, async () => {
      const { work, host } = plugin.session;
      await work.look();
      if (work.held.length === 0) host.say('You hold no tasks. Get work first.');
      for (const task of work.held) await host.makeNote(task);
    }),
  );
}

function addForNotes(plugin: PoolPlugin): void {
  const { app } = plugin;
  const withNote = (
    id: string,
    name: string,
    fits: (file: TFile) => boolean,
    callback: (file: TFile) => Promise<void>,
  ) =>
    plugin.addCommand({
      id,
      name,
      checkCallback: (checking) => {
        const file = app.workspace.getActiveFile();
        if (file?.extension !== 'md' || !fits(file)) return false;
        if (!checking) attempt(plugin, () => callback(file));
        return true;
      },
    });
  withNote(
    'import-from-note',
    'Import tasks from this note',
    () => plugin.session.admin !== null,
    (file) => importFrom(plugin, file),
  );
  const ofTask = (file: TFile) => taskIdOf(app, file) !== undefined;
  withNote('show-task', 'Show the task of this note', ofTask, async (file) => {
    const { admin, worker, host } = plugin.session;
    const task = await (admin ?? worker)?.call('getTask', { path: { task_id: taskIdOf(app, file) ?? '' } });
    if (task) host.openForm('task', { task });
  });
  withNote(
    'report-pull-request',
    'Report a pull request for the task of this note',
    (file) => plugin.session.worker !== null && ofTask(file),
    async (file) => {
      const { worker, host } = plugin.session;
      const task = await worker?.call('getTask', { path: { task_id: taskIdOf(app, file) ?? '' } });
      if (task) host.openForm('report', { task });
    },
  );
  plugin.addCommand({
    id: 'update-notes',
    name: 'Bring the properties of task notes up to date',
    callback: () =>
      attempt(plugin, async () => {
        const { admin, worker, host } = plugin.session;
        const pool = admin ?? worker;
        if (!pool) return host.say('This needs a token. Choose one in the settings of this plugin.');
        host.say(toldOf(await bringUpToDate(app, pool, plugin.settings.address)));
      }),
  });
}

async function importFrom(plugin: PoolPlugin, file: TFile): Promise<void> {
  const { app } = plugin;
  const { host } = plugin.session;
  const found = tasksIn(await app.vault.read(file), app.metadataCache.getFileCache(file)?.frontmatter, file.basename);
  if (found.kind === 'nothing') return host.say(found.words);
  host.openForm('import', {
    found,
    from: file.basename,
    imported: async ([taskId]) => {
      if (found.kind === 'note' && taskId) await tie(app, file, taskId);
    },
  });
}

/** What fails is said; a command has nobody else who would. */
function attempt(plugin: PoolPlugin, work: () => Promise<unknown>): void {
  work().catch((failure: unknown) => plugin.session.host.say(reason(failure)));
}
