// Made from protocol/openapi.yaml. Don't edit it; refresh it with `npm run generate` in web/.
/* eslint-disable */

export interface paths {
    "/v1/workers/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take part as a worker
         * @description Makes a worker and its token. The token is shown once; keep it like a password. Where registration is by
         *     invitation, `invite_code` is needed. Choose an `Idempotency-Key` that can't be guessed: repeating the call with
         *     it gives the same worker and a token for it. With the admin token a worker is registered whatever the setting.
         */
        post: operations["registerWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that this worker is there
         * @description Any call with a worker's token is a sign of life; a heartbeat says more. A `paused` worker keeps its leases and
         *     gets no new ones. A worker not heard of for `heartbeat_ttl_s` is offline; past the grace period after that its
         *     leases go back, but for those whose pull request was sent back: there the response clock alone runs.
         */
        post: operations["sendHeartbeat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See yourself as the pool sees you */
        get: operations["getOwnWorker"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change what you said about yourself
         * @description Fields given replace what was there; what is left out stays. What you hold stays yours, whatever you change.
         *     `availability` is replaced as a whole: `{}` takes all its limits away.
         */
        patch: operations["updateOwnWorker"];
        trace?: never;
    };
    "/v1/workers/{worker_id}/reputation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a worker's record amounts to
         * @description Built from outcomes only, as `docs/reputation.md` states, with the size of the sample beside every figure. A
         *     worker asks about itself, an administrator about anyone.
         */
        get: operations["getReputation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers/{worker_id}/trust-tier": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say how far a worker is trusted
         * @description A tier that is lowered takes back offers that no longer fit at once. Its running leases on tasks of higher tiers
         *     are left to end, or with `leases: take_back` go back at once with branch and notes. `handle_verified` says that
         *     the worker's GitHub handle is its own, which allow-lists ask for.
         */
        post: operations["setTrustTier"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what you hold, topped up to your capacity
         * @description Answers with the caller's live leases after giving it every ready task that fits, in the order priority, fairness
         *     between repositories, age. Repeating it is harmless. With `wait_s` a caller who holds nothing waits up to that
         *     long for work to appear. When there is none, come back after `poll_after_s`; `GET /v1/work/explain` says why.
         *     Because it may give leases it takes no HEAD (405).
         */
        get: operations["fetchWork"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/work/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why do I get nothing
         * @description Counts, over the ready tasks of highest priority, what keeps each from the worker. A worker asks about itself; an
         *     administrator names one with `worker_id`. The look is bounded; `truncated` says when there were more tasks.
         *     What has ended by the clock keeps nothing back.
         */
        get: operations["explainWork"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/work/offers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what you could do
         * @description Answers with the caller's open offers after adding those that fit, up to its capacity, in the order in which
         *     `GET /v1/work` gives tasks. An offer holds budget, area and capacity for `offer_ttl_s`. One that is not answered
         *     in time counts as declined and is free for others at once; none lasts into quiet hours. One that could not be
         *     accepted any more is taken back first, which is no decline. Repeating the call is harmless.
         */
        post: operations["requestOffers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/work/offers/{offer_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take what was offered
         * @description Makes the offer a lease. Refused as `offer_gone` where the repository has been paused since, or asks for something
         *     that the caller has no more: a skill, a trust tier, or a handle on its lists. Accepting again what was accepted
         *     answers with the lease as it stands, while it is live.
         */
        post: operations["acceptOffer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/work/offers/{offer_id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decline what was offered
         * @description The task is free for others at once, and not offered to the caller again for an hour. When a second worker says
         *     `unclear_requirements`, the task waits for the maintainer (`needs_info`). Declining costs no reputation.
         */
        post: operations["rejectOffer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leases/{lease_id}/park": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep a task until your quota is back
         * @description The task is `blocked` and its lease clock stands still until `quota_resets_at`, at most `park_max_s` from now;
         *     silence does not end it meanwhile, and the worker gets no new tasks, whatever becomes of this one. Allowed once for each lease: after that, or
         *     for longer, hand the task back with its branch. Reporting `in_progress` takes up the work again.
         */
        post: operations["parkLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leases/{lease_id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for more time
         * @description Sets the end of a live lease to one lease time from now, never past `lease_hold_max_s` of holding this
         *     task in all, earlier leases of the same worker included. A
         *     reviewer's response clock (`changes_requested`) is not extended. SHOULD be called while the work goes on, at a
         *     third of the lease time.
         */
        post: operations["renewLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leases/{lease_id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand a task back
         * @description Ends a live lease early. The task is ready for others at once, with the branch and notes, unless this was its last
         *     attempt (`failed`) or a second holder calls its text unclear (`needs_info`); both wait for the maintainer. The
         *     releaser is not given it again for an hour (`declined_recently`).
         */
        post: operations["releaseLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one task
         * @description A worker is told its own attempts whole, and of others' when they were and how they ended; while it holds the task,
         *     their branches and notes, too. Who holds it, what was said of it last and its artifact are between the holder and
         *     the maintainers. A pull request that names a lease counts for its holder, so a lease is nobody else's to name.
         */
        get: operations["getTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{task_id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Report how a held task stands
         * @description Allowed moves are in the guide; any other is refused with `transition_not_allowed`, naming the allowed ones.
         *     A write that names a `lease_id` which is not the live one is refused with `lease_stale`; one that names none
         *     counts as the caller's lease on that task. Repeating the present status updates the message and artifact. `merged`
         *     MAY be reported only where no GitHub link exists to say so.
         */
        post: operations["reportTaskStatus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tasks/{task_id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why does nobody get this
         * @description Says what keeps the task from being given, whoever asks, and counts over the workers online what keeps it from
         *     each. The look is bounded; `truncated` says when there were more workers.
         */
        get: operations["explainTask"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/repos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List repositories with their budgets */
        get: operations["listRepos"];
        put?: never;
        /**
         * Register a repository or change its settings
         * @description Creates or updates: a field left out keeps its value, or gets its default where the repository is new.
         *     `max_open_prs` bounds live leases, open offers and open pull requests together; 0 stops assignment. Lowering it
         *     takes nothing back. Pauses, quiet hours and the hourly limit hold back new work only.
         */
        post: operations["putRepo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/admission": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who may work on a repository */
        get: operations["getAdmission"];
        put?: never;
        /**
         * Say by GitHub handle who may work on a repository
         * @description Replaces the lists given; one left out stays. `vouched` is the text of a `VOUCHED.td` file and replaces both:
         *     each line names a handle, with `-` in front to deny it; a platform in front (`github:alice`) is allowed, other
         *     platforms are left out. A denied handle never gets tasks of the repository. Allowed ones matter where the
         *     repository's `allow_listed_only` is set; only verified handles count for that. What is held stays held.
         */
        post: operations["putAdmission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List tasks, newest first */
        get: operations["listTasks"];
        put?: never;
        /** Put one task in */
        post: operations["createTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/tasks/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put many tasks in, all or nothing
         * @description Takes a list of tasks as JSON or YAML 1.2, up to 1 MiB and 1,000 tasks. A task is recognised by its `key` within its
         *     repository, or by its title where it has none: a known one is updated, unless it is held, in review or over, then
         *     it is kept as it is. Importing the same file twice changes nothing. Tasks may depend on others of the same list,
         *     before or after them; a cycle is refused and named. With `dry_run` nothing is written and the answer says what
         *     would change.
         */
        post: operations["importTasks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/tasks/{task_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Edit a task, or say what becomes of it
         * @description Fields given replace what was there; `action` then moves the task. What a worker relied on when it took the task
         *     (estimate, skills, area, tier) can't be edited while it is held or in review. Actions: `cancel` withdraws it,
         *     `requeue` makes it ready again with a fresh count of attempts, `request_changes` sends a pull request back to its
         *     holder, `merge` and `close` say what became of a pull request, `revert` that a merged one was taken out again.
         *     `rating` judges the latest pull request of the task and counts in its author's reputation.
         */
        patch: operations["updateTask"];
        trace?: never;
    };
    "/v1/admin/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workers, newest first */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/workers/{worker_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shut a worker out
         * @description Its token stops working at once and its leases go back with branch and notes. What it has in review stays, for
         *     the maintainer to merge or close. Revoking twice is harmless.
         */
        post: operations["revokeWorker"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The pool in numbers */
        get: operations["getState"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The limits and what is used of them
         * @description How often somebody may call, who calls most, and how many connections and streams are open, in the process that
         *     answers. Where a gateway stands before the server and limits calls, it alone knows what is used.
         */
        get: operations["getLimits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A copy of the whole pool, as a file
         * @description Everything as of one moment, in one SQLite file that a server can be started on, while the pool goes on working. The
         *     file is complete and checked before the answer begins, so its length and digest are those of the whole. One is taken
         *     at a time (`unavailable` meanwhile). A server whose records are elsewhere says how they are backed up there
         *     (`not_supported`); those that can do it have the feature `backup`. Taking one leaves a trace (`backup_taken`).
         */
        get: operations["getBackup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens, as it happens
         * @description Every accepted change tells its events, in order. With `Accept: text/event-stream` they come as server-sent events
         *     the moment they happen; otherwise as pages of the same events, for clients that can't stream. Whoever goes on from
         *     the last place it was given meets every event once, and those about one subject in their order, over reconnects and
         *     restarts of the server.
         *
         *     In a stream, `id` is the place behind the event, `event` its type and `data` the event as in a page. Every 15
         *     seconds without an event a comment says that the stream is alive, with the place as far as it was looked. A stream
         *     ends by itself before 14 minutes, with an event `end` whose `reason` is `lifetime`, `stopping` (the server ends),
         *     `slow` (it was read too slowly) or `revoked`; resume with `Last-Event-ID`, or with `after`.
         *
         *     An administrator meets everything. A worker meets what is about itself, and of tasks and repositories what is public:
         *     those events name no other worker, no lease, no request and no details.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/pool": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The pool's work in numbers
         * @description Counts, times and shares over a period of days in UTC, with the numbers of each day, what holds things up, and when
         *     the backlog clears at the present rate. `docs/analytics.md` defines every figure.
         */
        get: operations["getPoolAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/repositories/{owner}/{repo}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A repository's work in numbers */
        get: operations["getRepoAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/analytics/workers/{worker_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A worker's work in numbers
         * @description A worker asks about itself, an administrator about anyone.
         */
        get: operations["getWorkerAnalytics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who did what, and what was refused
         * @description Everything that was accepted, and in short form what was turned away: failed sign-ins and refused requests, gathered
         *     per caller, operation and code. As pages, newest first or oldest first; or whole, oldest first, with `Accept:
         *     application/x-ndjson` or `text/csv`, streamed whatever its size. An export as NDJSON that names no `type`, `actor`
         *     and `target` holds whole batches, each followed by a line `{"seal": …}`, and proves itself (`listAuditSeals`). In
         *     CSV, a cell that a spreadsheet would take for a formula starts with an apostrophe.
         */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/seals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What holds the audit trail together
         * @description Events are sealed in batches within a minute or two. A seal holds the digest of its batch's events, the digest of the
         *     seal before it, and a signature (Ed25519) over both. Newest first. `docs/audit.md` says how a client verifies them.
         */
        get: operations["listAuditSeals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/github/repos/{owner}/{repo}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Link a repository to GitHub and bring it up to date
         * @description Says what the pool reads and writes at GitHub, then asks GitHub for issues and the policy file. The repository must be
         *     registered. Open issues labelled `pool:ready` become tasks; their other labels say the rest (`estimate:3`,
         *     `priority:high`, `skills:python,docs`, `area:auth`, `tier:1`). An issue that is closed or loses the label cancels its
         *     task while nobody holds it. A text that was edited after its task was put in is flagged and not taken over:
         *     `accept_edits` does that, and so does taking the label off and putting it on again. A task that is held stays as it is.
         *     Calling it again changes nothing. From the first call on, merges of the repository are reported by GitHub alone.
         *     The repository may be named in any case; a link that was suspended goes on.
         */
        post: operations["syncGithubRepo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/github": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Be told by GitHub what happened there
         * @description What GitHub calls. A delivery is signed with the secret that server and GitHub share (`X-Hub-Signature-256`), and
         *     checked before it is read. It is carried out once, whatever is delivered again, and in whatever order deliveries
         *     come. Events that mean nothing to the pool, and repositories that are not linked, are accepted and ignored.
         */
        post: operations["receiveGithubWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/server": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Versions, features and limits */
        get: operations["getServerInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive
         * @description Touches no store; says nothing about whether work can be done.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can work be done now */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @example w_abc123 */
        WorkerId: string;
        /** @example t_def456 */
        TaskId: string;
        /** @example l_ghi789 */
        LeaseId: string;
        /** @example o_abc123 */
        OfferId: string;
        /**
         * @description `owner/name`, or `demo`
         * @example owner/repo
         */
        RepoName: string;
        /**
         * @description compared without regard to case and to space around it
         * @example python
         */
        Skill: string;
        Skills: components["schemas"]["Skill"][];
        /**
         * @description a part of a repository in which one task at a time is worked on
         * @example auth
         */
        Area: string;
        PersonName: string;
        GithubHandle: string;
        Title: string;
        /** @description Markdown */
        Description: string;
        Note: string;
        Message: string;
        /** @description where the work so far can be fetched from, a branch name or a URL with one */
        Branch: string;
        /** @description what the next holder of this task should know */
        HandoffNotes: string;
        Reason: string;
        /**
         * @description names a task within its repository, for repeated imports
         * @example docs-1
         */
        TaskKey: string;
        /**
         * @description a task by its id, by its `key` in the same repository, or by `key@owner/name` in another one
         * @example docs-1
         * @example cli-1@owner/repo
         */
        TaskRef: string;
        TaskRefs: components["schemas"]["TaskRef"][];
        /** @description GitHub handles, compared without regard to case */
        Handles: components["schemas"]["ListedHandle"][];
        /** @example alice-dev */
        ListedHandle: string;
        /**
         * @description hours and minutes in UTC
         * @example 22:00
         */
        TimeOfDay: string;
        WebUrl: string;
        /** @description where a worker clones the repository from, anything `git clone` takes that does not start with a dash */
        CloneUrl: string;
        CommitSha: string;
        IdempotencyKey: string;
        Cursor: string;
        /**
         * @description a day in UTC
         * @example 2026-01-18
         */
        Date: string;
        RepoOwner: string;
        RepoOwnName: string;
        /**
         * Format: date-time
         * @description RFC 3339 in UTC with milliseconds
         * @example 2026-01-18T01:00:00.000Z
         */
        Timestamp: string;
        /** Format: uint32 */
        Points: number;
        /**
         * Format: uint32
         * @description higher first
         */
        Priority: number;
        /**
         * Format: uint32
         * @description how sensitive a task is; workers of the trust tiers untrusted, basic, trusted, maintainer take tasks up to 0, 1, 2, 3
         */
        Tier: number;
        /** Format: uint32 */
        MaxConcurrentTasks: number;
        /**
         * Format: uint32
         * @description the review budget; live leases, open offers and open pull requests together never exceed it; 0 stops assignment
         */
        MaxOpenPrs: number;
        /**
         * Format: uint32
         * @description a maintainer's judgement of a pull request, 5 is best
         */
        Rating: number;
        /**
         * Format: uint32
         * @description share of the workers among repositories that compete for them: twice the weight, twice the points given
         */
        Weight: number;
        /** Format: uint32 */
        PointsPerDay: number;
        /**
         * Format: uint32
         * @description after so many leases that came to nothing a task has failed, and only a maintainer brings it back
         */
        AttemptsMax: number;
        /** @enum {string} */
        TaskState: "waiting" | "ready" | "offered" | "leased" | "in_progress" | "blocked" | "pr_opened" | "changes_requested" | "merged" | "closed" | "failed" | "needs_info" | "cancelled";
        /** @enum {string} */
        ReportedStatus: "in_progress" | "blocked" | "pr_opened" | "merged";
        /** @enum {string} */
        WorkerStatus: "idle" | "working" | "paused";
        /**
         * @description `auto`: `GET /v1/work` gives tasks; `offer`: it only says what is held, and tasks are offered and accepted
         * @enum {string}
         */
        WorkMode: "auto" | "offer";
        /** @enum {string} */
        RejectReason: "insufficient_time" | "unclear_requirements" | "skill_mismatch" | "quota";
        /**
         * @description what becomes of leases on tasks that the worker may no longer take
         * @enum {string}
         */
        RunningLeases: "let_run" | "take_back";
        /** @enum {string} */
        Weekday: "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
        /** @enum {string} */
        TrustTier: "untrusted" | "basic" | "trusted" | "maintainer";
        /** @enum {string} */
        ReleaseReason: "insufficient_time" | "unclear_requirements" | "skill_mismatch" | "quota_exhausted" | "blocked" | "failed" | "shutdown";
        /** @enum {string} */
        TaskAction: "cancel" | "requeue" | "request_changes" | "merge" | "close" | "revert";
        /**
         * @description `kept`: known and different, but held, in review or over, so left as it is
         * @enum {string}
         */
        ImportAction: "created" | "updated" | "unchanged" | "kept";
        /**
         * @description how an attempt ended
         * @enum {string}
         */
        AttemptOutcome: "expired" | "released" | "worker_offline" | "revoked" | "taken_back" | "requeued" | "cancelled" | "merged" | "closed" | "reverted";
        /**
         * @description why a task is not given to a worker
         * @enum {string}
         */
        FitCode: "worker_offline" | "worker_paused" | "repo_paused" | "quiet_hours" | "pr_rate_spent" | "review_budget_spent" | "area_locked" | "not_admitted" | "skills_missing" | "tier_too_low" | "points_exceeded" | "concurrency_exceeded" | "dependency_open" | "reputation_window" | "declined_recently" | "hold_time_spent" | "window_too_short" | "quota_exhausted" | "task_not_ready";
        /** @enum {string} */
        ProblemCode: "malformed_body" | "invalid_request" | "unauthenticated" | "token_expired" | "token_revoked" | "forbidden" | "registration_closed" | "invite_needed" | "not_found" | "task_not_found" | "repo_not_found" | "worker_not_found" | "cursor_not_found" | "cursor_gone" | "method_not_allowed" | "lease_stale" | "offer_gone" | "not_parkable" | "transition_not_allowed" | "task_held" | "key_taken" | "dependency_cycle" | "too_many" | "idempotency_key_reused" | "body_too_large" | "unsupported_media_type" | "rate_limited" | "github_off" | "github_failed" | "not_supported" | "unavailable" | "internal";
        /** @description RFC 9457 problem details */
        Problem: {
            /** @description a URI reference that names the kind of problem */
            type: string;
            /** @description the kind of problem in a few words */
            title: string;
            /** Format: uint16 */
            status: number;
            /** @description what happened and how to go on */
            detail: string;
            code: components["schemas"]["ProblemCode"];
            request_id: string;
            errors?: components["schemas"]["InputError"][];
            /** @description with `transition_not_allowed`: the states this task may go to from here */
            allowed?: components["schemas"]["TaskState"][];
        };
        /** @description one fault in the input; exactly one of `pointer` and `parameter` is set */
        InputError: {
            /** @description a JSON pointer into the body */
            pointer?: string;
            /** @description the name of a query */
            parameter?: string;
            /**
             * Format: uint32
             * @description the line in a YAML body
             */
            line?: number;
            detail: string;
        };
        RegisterWorkerRequest: {
            name: components["schemas"]["PersonName"];
            github_handle?: components["schemas"]["GithubHandle"] | null;
            /** @default [] */
            skills?: components["schemas"]["Skills"];
            /** @default 5 */
            capacity_points?: components["schemas"]["Points"];
            /** @default 2 */
            max_concurrent_tasks?: components["schemas"]["MaxConcurrentTasks"];
            /** @default auto */
            work_mode?: components["schemas"]["WorkMode"];
            availability?: components["schemas"]["Availability"];
            /** @description where registration is by invitation */
            invite_code?: string;
        };
        RegisterWorkerResponse: {
            worker_id: components["schemas"]["WorkerId"];
            token: string;
            trust_tier: components["schemas"]["TrustTier"];
            /** Format: uint32 */
            heartbeat_interval_s: number;
        };
        /** @description how much time and quota a worker has; what is left out sets no limit */
        Availability: {
            /** @description tasks that would not be finished by then are not given */
            until?: components["schemas"]["Timestamp"];
            /** @description the quota of the AI tool is spent until then, so nothing new is given */
            quota_resets_at?: components["schemas"]["Timestamp"];
            /** @description points given in one day (UTC) at the most */
            points_per_day?: components["schemas"]["PointsPerDay"];
        };
        UpdateOwnWorkerRequest: {
            /** @description null leaves them as they are, as does leaving it out */
            skills?: components["schemas"]["Skills"] | null;
            capacity_points?: components["schemas"]["Points"];
            max_concurrent_tasks?: components["schemas"]["MaxConcurrentTasks"];
            work_mode?: components["schemas"]["WorkMode"];
            availability?: components["schemas"]["Availability"];
        };
        GetReputationResponse: {
            worker_id: components["schemas"]["WorkerId"];
            /**
             * Format: double
             * @description a cautious estimate: the lower bound of an interval that narrows as attempts become more
             */
            reputation_score: number;
            trust_tier: components["schemas"]["TrustTier"];
            /** @description set where the record speaks for another tier; a maintainer decides */
            trust_tier_suggested?: components["schemas"]["TrustTier"];
            metrics: components["schemas"]["ReputationMetrics"];
            sample: components["schemas"]["ReputationSample"];
            parts: components["schemas"]["ReputationParts"];
        };
        /** @description null where there is nothing to take it from */
        ReputationMetrics: {
            /**
             * Format: double
             * @description merged among those that count
             */
            completion_rate: number | null;
            /**
             * Format: double
             * @description over merged pull requests
             */
            avg_pr_quality: number | null;
            /**
             * Format: double
             * @description pull requests opened within one lease time
             */
            on_time_delivery: number | null;
            /**
             * Format: uint32
             * @description attempts that count
             */
            total_tasks: number;
        };
        ReputationSample: {
            /**
             * Format: double
             * @description attempts that count, the older the less
             */
            size: number;
            /** @description too few to say much */
            small: boolean;
        };
        /** @description what the score is made of */
        ReputationParts: {
            /**
             * Format: double
             * @description decayed sum of the values of outcomes
             */
            good: number;
            /**
             * Format: double
             * @description decayed sum of their weights
             */
            weight: number;
            /** Format: double */
            prior_good: number;
            /** Format: double */
            prior_weight: number;
            /**
             * Format: double
             * @description with the prior
             */
            mean: number;
            /**
             * Format: double
             * @description standard deviations of caution
             */
            z: number;
            /** Format: uint32 */
            half_life_days: number;
            outcomes: components["schemas"]["ReputationOutcomes"];
        };
        /** @description how often each way of ending happened, not decayed */
        ReputationOutcomes: {
            /** Format: uint32 */
            merged: number;
            /** Format: uint32 */
            closed: number;
            /** Format: uint32 */
            reverted: number;
            /** Format: uint32 */
            ran_out: number;
            /** Format: uint32 */
            released: number;
        };
        SetTrustTierRequest: {
            tier: components["schemas"]["TrustTier"];
            reason: components["schemas"]["Reason"];
            /** @default let_run */
            leases?: components["schemas"]["RunningLeases"];
            /** @description left as it is where this is left out */
            handle_verified?: boolean;
        } & {
            [key: string]: unknown;
        };
        SetTrustTierResponse: {
            /** @constant */
            ok: true;
            worker_id: components["schemas"]["WorkerId"];
            trust_tier: components["schemas"]["TrustTier"];
            /** @description tasks whose offer was taken back */
            offers_withdrawn: components["schemas"]["TaskId"][];
            tasks_requeued: components["schemas"]["TaskId"][];
        };
        SendHeartbeatRequest: {
            status: components["schemas"]["WorkerStatus"];
            note?: components["schemas"]["Note"] | null;
        };
        SendHeartbeatResponse: {
            /** @constant */
            ok: true;
            server_time: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description send the next one after about this many seconds
             */
            heartbeat_interval_s: number;
        };
        Worker: {
            worker_id: components["schemas"]["WorkerId"];
            name: components["schemas"]["PersonName"];
            github_handle?: components["schemas"]["GithubHandle"];
            /** @description somebody made sure that it is its own */
            github_handle_verified: boolean;
            skills: components["schemas"]["Skills"];
            capacity_points: components["schemas"]["Points"];
            max_concurrent_tasks: components["schemas"]["MaxConcurrentTasks"];
            work_mode: components["schemas"]["WorkMode"];
            availability: components["schemas"]["Availability"];
            trust_tier: components["schemas"]["TrustTier"];
            /** @description set where the record speaks for another tier; a maintainer decides */
            trust_tier_suggested?: components["schemas"]["TrustTier"];
            status: components["schemas"]["WorkerStatus"];
            note?: components["schemas"]["Note"];
            /** @description heard of within the heartbeat time */
            online: boolean;
            registered_at: components["schemas"]["Timestamp"];
            last_seen_at: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description estimate points of its live leases and open offers
             */
            points_held: number;
            /**
             * Format: uint32
             * @description estimate points leased to it today (UTC)
             */
            points_today: number;
            tasks_held: components["schemas"]["TaskId"][];
            tasks_offered: components["schemas"]["TaskId"][];
            tasks_in_review: components["schemas"]["TaskId"][];
            /** Format: double */
            reputation_score: number;
            reputation_sample: components["schemas"]["ReputationSample"];
            revoked: boolean;
        };
        ListWorkersResponse: {
            workers: components["schemas"]["Worker"][];
            next_cursor?: components["schemas"]["Cursor"];
        };
        RevokeWorkerRequest: {
            reason: components["schemas"]["Reason"];
        } & {
            [key: string]: unknown;
        };
        RevokeWorkerResponse: {
            /** @constant */
            ok: true;
            worker_id: components["schemas"]["WorkerId"];
            tasks_requeued: components["schemas"]["TaskId"][];
        };
        /** @description a task that the caller holds, with what it needs to do it */
        Lease: {
            lease_id: components["schemas"]["LeaseId"];
            task_id: components["schemas"]["TaskId"];
            repo: components["schemas"]["RepoName"];
            clone_url?: components["schemas"]["CloneUrl"];
            title: components["schemas"]["Title"];
            description: components["schemas"]["Description"];
            estimate_points: components["schemas"]["Points"];
            priority: components["schemas"]["Priority"];
            area: components["schemas"]["Area"] | null;
            tier: components["schemas"]["Tier"];
            required_skills: components["schemas"]["Skills"];
            state: components["schemas"]["TaskState"];
            lease_expires_at: components["schemas"]["Timestamp"];
            /** @description set from parking until the work is taken up again; it may have passed */
            parked_until?: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description the how-manieth attempt at this task this is, from 1
             */
            attempt: number;
            /** @description with `changes_requested`: what the reviewers want */
            message?: components["schemas"]["Message"];
            /** @description what an earlier holder left */
            branch?: components["schemas"]["Branch"];
            /** @description what an earlier holder left */
            notes?: components["schemas"]["HandoffNotes"];
            source?: components["schemas"]["TaskSource"];
            /** @description what the repository's policy file asks of the work */
            policy?: components["schemas"]["WorkPolicy"];
        };
        /** @description a task that the caller may take until `expires_at` */
        Offer: {
            offer_id: components["schemas"]["OfferId"];
            task_id: components["schemas"]["TaskId"];
            repo: components["schemas"]["RepoName"];
            title: components["schemas"]["Title"];
            description: components["schemas"]["Description"];
            estimate_points: components["schemas"]["Points"];
            /**
             * Format: uint32
             * @description how long it is likely to take, by its estimate and what such tasks took
             */
            expected_s: number;
            priority: components["schemas"]["Priority"];
            required_skills: components["schemas"]["Skills"];
            area: components["schemas"]["Area"] | null;
            tier: components["schemas"]["Tier"];
            /**
             * Format: uint32
             * @description the how-manieth attempt it would be, from 1
             */
            attempt: number;
            expires_at: components["schemas"]["Timestamp"];
        };
        RequestOffersResponse: {
            worker_id: components["schemas"]["WorkerId"];
            offers: components["schemas"]["Offer"][];
            server_time: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description come back after about this many seconds; clients add jitter
             */
            poll_after_s: number;
        };
        AcceptOfferResponse: {
            /** @constant */
            ok: true;
            task_id: components["schemas"]["TaskId"];
            lease_id: components["schemas"]["LeaseId"];
            lease_expires_at: components["schemas"]["Timestamp"];
            lease: components["schemas"]["Lease"];
        };
        RejectOfferRequest: {
            reason: components["schemas"]["RejectReason"];
            message?: components["schemas"]["Note"];
        };
        ParkLeaseRequest: {
            quota_resets_at: components["schemas"]["Timestamp"];
            branch?: components["schemas"]["Branch"];
            notes?: components["schemas"]["HandoffNotes"];
        };
        ParkLeaseResponse: {
            /** @constant */
            ok: true;
            lease_id: components["schemas"]["LeaseId"];
            task_id: components["schemas"]["TaskId"];
            /** @description earlier than asked for where that is longer than a lease may be parked */
            parked_until: components["schemas"]["Timestamp"];
            /** @description the time left when it was parked runs on from `parked_until` */
            lease_expires_at: components["schemas"]["Timestamp"];
        };
        InReview: {
            task_id: components["schemas"]["TaskId"];
            repo: components["schemas"]["RepoName"];
            title: components["schemas"]["Title"];
            estimate_points: components["schemas"]["Points"];
            pr_url?: components["schemas"]["WebUrl"];
        };
        FetchWorkResponse: {
            worker_id: components["schemas"]["WorkerId"];
            leases: components["schemas"]["Lease"][];
            in_review: components["schemas"]["InReview"][];
            server_time: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description come back after about this many seconds; clients add jitter
             */
            poll_after_s: number;
        };
        Artifact: {
            pr_url?: components["schemas"]["WebUrl"] | null;
            commit_sha?: components["schemas"]["CommitSha"] | null;
            patch_url?: components["schemas"]["WebUrl"] | null;
            /** @description anything else worth keeping */
            extra?: Record<string, never> | null;
        };
        ReportTaskStatusRequest: {
            status: components["schemas"]["ReportedStatus"];
            message?: components["schemas"]["Message"] | null;
            artifact?: components["schemas"]["Artifact"] | null;
            lease_id?: components["schemas"]["LeaseId"];
            branch?: components["schemas"]["Branch"];
            notes?: components["schemas"]["HandoffNotes"];
        };
        TaskStateResponse: {
            /** @constant */
            ok: true;
            task_id: components["schemas"]["TaskId"];
            state: components["schemas"]["TaskState"];
        };
        RenewLeaseResponse: {
            /** @constant */
            ok: true;
            lease_id: components["schemas"]["LeaseId"];
            task_id: components["schemas"]["TaskId"];
            lease_expires_at: components["schemas"]["Timestamp"];
            /** @description false where the lease has reached the longest time it may be held */
            renewable: boolean;
        };
        ReleaseLeaseRequest: {
            reason: components["schemas"]["ReleaseReason"];
            message?: components["schemas"]["Message"];
            branch?: components["schemas"]["Branch"];
            notes?: components["schemas"]["HandoffNotes"];
        };
        ReasonCount: {
            code: components["schemas"]["FitCode"];
            /**
             * Format: uint32
             * @description how many of those looked at it keeps back
             */
            count: number;
            /** @description what would change it */
            detail: string;
        };
        ExplainWorkResponse: {
            worker_id: components["schemas"]["WorkerId"];
            /** @description the answer in one sentence */
            summary: string;
            /** Format: uint32 */
            ready_looked_at: number;
            /**
             * Format: uint32
             * @description how many of them the worker would be given as things stand
             */
            fitting: number;
            reasons: components["schemas"]["ReasonCount"][];
            truncated: boolean;
            /** @description the first moment at which a task would be free for the worker by the clock alone, and the last reason to end */
            nearest?: components["schemas"]["NearestChange"];
            /**
             * Format: uint32
             * @description when asking again may bring another answer
             */
            retry_after_s: number;
        };
        NearestChange: {
            code: components["schemas"]["FitCode"];
            at: components["schemas"]["Timestamp"];
            detail: string;
        };
        /** @description workers with the same verdict */
        WorkerGroup: {
            /** Format: uint32 */
            workers: number;
            /** @description none where they could be given it */
            codes: components["schemas"]["FitCode"][];
            example: components["schemas"]["WorkerId"];
        };
        OpenDependency: {
            task_id: components["schemas"]["TaskId"];
            repo: components["schemas"]["RepoName"];
            title: components["schemas"]["Title"];
            state: components["schemas"]["TaskState"];
        };
        ExplainTaskResponse: {
            task_id: components["schemas"]["TaskId"];
            state: components["schemas"]["TaskState"];
            /** @description the answer in one sentence */
            summary: string;
            /** @description what keeps it from everybody */
            blockers: components["schemas"]["FitCode"][];
            /** @description tasks that have to be merged first */
            waits_for: components["schemas"]["OpenDependency"][];
            /** Format: uint32 */
            workers_looked_at: number;
            /**
             * Format: uint32
             * @description how many of them could be given it as things stand
             */
            fitting: number;
            reasons: components["schemas"]["ReasonCount"][];
            /** @description workers by verdict, the largest group first */
            groups: components["schemas"]["WorkerGroup"][];
            truncated: boolean;
        };
        NewTask: {
            repo: components["schemas"]["RepoName"];
            key?: components["schemas"]["TaskKey"];
            title: components["schemas"]["Title"];
            /** @default  */
            description?: components["schemas"]["Description"];
            /** @default 1 */
            estimate_points?: components["schemas"]["Points"];
            /** @default 10 */
            priority?: components["schemas"]["Priority"];
            /** @default [] */
            required_skills?: components["schemas"]["Skills"];
            area?: components["schemas"]["Area"] | null;
            /** @default 0 */
            tier?: components["schemas"]["Tier"];
            /** @default 3 */
            attempts_max?: components["schemas"]["AttemptsMax"];
            /**
             * @description tasks that have to be merged first
             * @default []
             */
            depends_on?: components["schemas"]["TaskRefs"];
            /**
             * @description may use the extra slots that its repository keeps for security
             * @default false
             */
            security?: boolean;
            /** @description GitHub handle of who asked for it; doing one's own tasks earns no reputation */
            filed_by?: components["schemas"]["ListedHandle"] | null;
        } & {
            [key: string]: unknown;
        };
        ImportTasksRequest: components["schemas"]["NewTask"][];
        ImportedTask: {
            /** @description with `dry_run` a created task's id is not the one it will get */
            task_id: components["schemas"]["TaskId"];
            title: components["schemas"]["Title"];
            action: components["schemas"]["ImportAction"];
            /** @description the fields that change */
            changed?: string[];
        };
        ImportTasksResponse: {
            /** @constant */
            ok: true;
            dry_run: boolean;
            /** Format: uint32 */
            created: number;
            /** Format: uint32 */
            updated: number;
            /** Format: uint32 */
            unchanged: number;
            /** Format: uint32 */
            kept: number;
            tasks: components["schemas"]["ImportedTask"][];
        };
        UpdateTaskRequest: {
            title?: components["schemas"]["Title"];
            description?: components["schemas"]["Description"];
            estimate_points?: components["schemas"]["Points"];
            priority?: components["schemas"]["Priority"];
            /** @description null leaves them as they are, as does leaving it out */
            required_skills?: components["schemas"]["Skills"] | null;
            /** @description an empty one means none */
            area?: components["schemas"]["Area"];
            tier?: components["schemas"]["Tier"];
            attempts_max?: components["schemas"]["AttemptsMax"];
            /** @description null leaves them as they are, as does leaving it out */
            depends_on?: components["schemas"]["TaskRefs"] | null;
            security?: boolean;
            rating?: components["schemas"]["Rating"];
            action?: components["schemas"]["TaskAction"];
            reason?: components["schemas"]["Reason"];
        } & {
            [key: string]: unknown;
        };
        Attempt: {
            /** @description a worker is told its own only */
            worker_id?: components["schemas"]["WorkerId"];
            /** @description a worker is told its own only */
            lease_id?: components["schemas"]["LeaseId"];
            started_at: components["schemas"]["Timestamp"];
            pr_opened_at?: components["schemas"]["Timestamp"];
            ended_at?: components["schemas"]["Timestamp"];
            /**
             * Format: uint32
             * @description how often reviewers asked for changes; a worker is told its own only
             */
            change_rounds?: number;
            /** @description a worker is told its own only */
            rating?: components["schemas"]["Rating"];
            outcome?: components["schemas"]["AttemptOutcome"];
            /** @description a worker is told its own only */
            reason?: string;
            /** @description a worker is told its own, and all while it holds the task */
            branch?: components["schemas"]["Branch"];
            /** @description a worker is told its own, and all while it holds the task */
            notes?: components["schemas"]["HandoffNotes"];
        };
        Task: {
            task_id: components["schemas"]["TaskId"];
            repo: components["schemas"]["RepoName"];
            key?: components["schemas"]["TaskKey"];
            title: components["schemas"]["Title"];
            description: components["schemas"]["Description"];
            estimate_points: components["schemas"]["Points"];
            priority: components["schemas"]["Priority"];
            required_skills: components["schemas"]["Skills"];
            area: components["schemas"]["Area"] | null;
            tier: components["schemas"]["Tier"];
            state: components["schemas"]["TaskState"];
            state_since: components["schemas"]["Timestamp"];
            /** @description who holds it or has it in review; a worker is told of itself only */
            holder?: components["schemas"]["WorkerId"];
            /** @description set while a lease clock runs */
            lease_expires_at?: components["schemas"]["Timestamp"];
            /** @description set from parking until the work is taken up again; it may have passed */
            parked_until?: components["schemas"]["Timestamp"];
            /** @description a worker is told of itself only */
            offered_to?: components["schemas"]["WorkerId"];
            offer_expires_at?: components["schemas"]["Timestamp"];
            depends_on: components["schemas"]["TaskId"][];
            /** @description those it depends on that are not merged */
            waits_for: components["schemas"]["TaskId"][];
            /** @description tasks that depend on this one */
            dependents: components["schemas"]["TaskId"][];
            security: boolean;
            filed_by?: components["schemas"]["ListedHandle"];
            source?: components["schemas"]["TaskSource"];
            pull_request?: components["schemas"]["TaskPullRequest"];
            /** @description in review for so long without a sign of life that it takes no slot any more */
            budget_freed?: boolean;
            /** @description the last one reported; told to who has the task or had it last, as are artifact, branch and notes */
            message?: components["schemas"]["Message"];
            artifact?: components["schemas"]["Artifact"];
            branch?: components["schemas"]["Branch"];
            notes?: components["schemas"]["HandoffNotes"];
            /**
             * Format: uint32
             * @description leases that came to nothing since it was last put in or requeued by a maintainer
             */
            attempts_used: number;
            attempts_max: components["schemas"]["AttemptsMax"];
            /** @description the latest attempts, oldest first */
            attempts: components["schemas"]["Attempt"][];
            created_at: components["schemas"]["Timestamp"];
            updated_at: components["schemas"]["Timestamp"];
        };
        ListTasksResponse: {
            tasks: components["schemas"]["Task"][];
            next_cursor?: components["schemas"]["Cursor"];
        };
        PutRepoRequest: {
            repo: components["schemas"]["RepoName"];
            /** @description 3 for a new repository */
            max_open_prs?: components["schemas"]["MaxOpenPrs"];
            /** @description true for a new repository */
            area_locks_enabled?: boolean;
            /** @description stops assignment without touching the budget; false for a new repository */
            paused?: boolean;
            /** @description pauses until then; the pause ends by itself */
            paused_until?: components["schemas"]["Timestamp"];
            clone_url?: components["schemas"]["CloneUrl"];
            /** @description 10 for a new repository */
            weight?: components["schemas"]["Weight"];
            /** @description workers below it get no task of the repository; untrusted for a new one */
            trust_tier_min?: components["schemas"]["TrustTier"];
            /** @description only workers whose verified GitHub handle is on the allow-list; false for a new repository */
            allow_listed_only?: boolean;
            /**
             * Format: uint32
             * @description slots beyond the budget for tasks marked security; 0 for a new repository
             */
            security_extra_slots?: number;
            /**
             * Format: uint32
             * @description an hour's worth of tasks may be given at once, and then one each 60 minutes divided by it; those that came to nothing do not count; 0, the default, sets no limit
             */
            prs_per_hour_max?: number;
            /** @description when no new work starts; null leaves them as they are, as does leaving it out */
            quiet_hours?: components["schemas"]["QuietHoursList"] | null;
            /**
             * Format: uint32
             * @description a pull request without a sign of life for so many days takes no slot any more; 0, the default, means never
             */
            review_idle_days?: number;
            /**
             * Format: uint32
             * @description the score that sees a new task at once; 0, the default, shows tasks to all at once
             */
            reputation_bar?: number;
            /**
             * Format: uint32
             * @description in this time the bar falls to zero; 3600 for a new repository
             */
            reputation_window_s?: number;
            /** @description tasks of lower priority are shown to all at once; 50 for a new repository */
            reputation_priority_min?: components["schemas"]["Priority"];
        } & {
            [key: string]: unknown;
        };
        QuietHoursList: components["schemas"]["QuietHours"][];
        /** @description from a time of day to another, in UTC; past midnight where `to` is not after `from` */
        QuietHours: {
            /**
             * @description the days on which it begins; none means every day
             * @default []
             */
            days?: components["schemas"]["Weekday"][];
            from: components["schemas"]["TimeOfDay"];
            to: components["schemas"]["TimeOfDay"];
        };
        PutAdmissionRequest: {
            repo: components["schemas"]["RepoName"];
            /** @description null leaves them as they are, as does leaving it out */
            allowed?: components["schemas"]["Handles"] | null;
            /** @description null leaves them as they are, as does leaving it out */
            denied?: components["schemas"]["Handles"] | null;
            /** @description the text of a `VOUCHED.td` file */
            vouched?: string;
        } & {
            [key: string]: unknown;
        };
        Admission: {
            repo: components["schemas"]["RepoName"];
            allow_listed_only: boolean;
            allowed: components["schemas"]["ListedHandle"][];
            denied: components["schemas"]["ListedHandle"][];
            /** @description lines of the file that named somebody on another platform */
            left_out?: string[];
        };
        Repo: {
            repo: components["schemas"]["RepoName"];
            max_open_prs: components["schemas"]["MaxOpenPrs"];
            area_locks_enabled: boolean;
            /** @description now; a pause with an end that has passed is none */
            paused: boolean;
            paused_until?: components["schemas"]["Timestamp"];
            clone_url?: components["schemas"]["CloneUrl"];
            weight: components["schemas"]["Weight"];
            trust_tier_min: components["schemas"]["TrustTier"];
            allow_listed_only: boolean;
            /** Format: uint32 */
            security_extra_slots: number;
            /** Format: uint32 */
            prs_per_hour_max: number;
            quiet_hours: components["schemas"]["QuietHoursList"];
            /** Format: uint32 */
            review_idle_days: number;
            /** Format: uint32 */
            reputation_bar: number;
            /** Format: uint32 */
            reputation_window_s: number;
            reputation_priority_min: components["schemas"]["Priority"];
            /** Format: uint32 */
            offers_open: number;
            /**
             * Format: uint32
             * @description tasks leased, in progress, blocked or sent back
             */
            leases_live: number;
            /**
             * Format: uint32
             * @description those that take a slot
             */
            prs_open: number;
            /**
             * Format: uint32
             * @description open, but without a sign of life for so long that they take no slot
             */
            prs_idle: number;
            /**
             * Format: uint32
             * @description how many more tasks the budget has room for, security slots aside
             */
            slots_free: number;
            /** @description set while nothing new is given */
            closed?: components["schemas"]["RepoClosed"];
            github?: components["schemas"]["GithubLink"];
            created_at: components["schemas"]["Timestamp"];
            updated_at: components["schemas"]["Timestamp"];
        };
        RepoClosed: {
            code: components["schemas"]["FitCode"];
            detail: string;
            /** @description set where the clock decides */
            until?: components["schemas"]["Timestamp"];
        };
        PutRepoResponse: {
            /** @constant */
            ok: true;
            repo: components["schemas"]["RepoName"];
            settings: components["schemas"]["Repo"];
        };
        ListReposResponse: {
            repos: components["schemas"]["Repo"][];
            next_cursor?: components["schemas"]["Cursor"];
        };
        /**
         * @description issues become tasks (`import`), what becomes of tasks is said at GitHub (`export`), or both
         * @enum {string}
         */
        SyncType: "import" | "export" | "bidirectional";
        /**
         * @description what the pool may write: one comment on each issue and pull request, a label for the state of a task, the holder as assignee, a check on pull requests
         * @enum {string}
         */
        WritePermission: "comments" | "labels" | "assignees" | "status";
        /**
         * @description what the check on a pull request does without a live lease: nothing (`off`), it tells (`report`) or fails (`enforce`)
         * @enum {string}
         */
        AdmissionMode: "off" | "report" | "enforce";
        /** @description a part of GitHub's API and how far it may be used, as in `issues:write` */
        GithubPermission: string;
        GithubWord: string;
        /** @description as GitHub documents it for the event */
        GithubPayload: {
            [key: string]: unknown;
        };
        SyncGithubRepoRequest: {
            sync_type: components["schemas"]["SyncType"];
            /** @description replaces what was set; null leaves it as it is, as does leaving it out; nothing for a new link */
            write_permissions?: components["schemas"]["WritePermission"][] | null;
            /** @description report for a new link */
            admission?: components["schemas"]["AdmissionMode"];
            /**
             * @description take over texts that were edited after their tasks were put in
             * @default false
             */
            accept_edits?: boolean;
        } & {
            [key: string]: unknown;
        };
        SyncGithubRepoResponse: {
            /** @constant */
            ok: true;
            repo: components["schemas"]["RepoName"];
            dry_run: boolean;
            /** @description what GitHub shall call */
            webhook_url: string;
            /** @description what GitHub lets the server do there */
            permissions_granted: components["schemas"]["GithubPermission"][];
            /** @description what it would take beyond that for all that is set */
            permissions_missing: components["schemas"]["GithubPermission"][];
            link: components["schemas"]["GithubLink"];
            /** Format: uint32 */
            created: number;
            /** Format: uint32 */
            updated: number;
            /** Format: uint32 */
            unchanged: number;
            /**
             * Format: uint32
             * @description changed at GitHub and left as they are, because they are held or over, or their text was edited
             */
            kept: number;
            /** Format: uint32 */
            cancelled: number;
            /**
             * Format: uint32
             * @description issues that are not for the pool
             */
            skipped: number;
            /** @description those of which there is something to tell */
            issues: components["schemas"]["SyncedIssue"][];
        };
        /** @enum {string} */
        IssueAction: "created" | "updated" | "unchanged" | "kept" | "cancelled" | "skipped";
        SyncedIssue: {
            /** Format: uint64 */
            number: number;
            task_id?: components["schemas"]["TaskId"];
            title: string;
            action: components["schemas"]["IssueAction"];
            /** @description what differs from the task */
            changed: string[];
            /** @description labels that say nothing the pool understands */
            faults: string[];
        };
        GithubLink: {
            sync_type: components["schemas"]["SyncType"];
            write_permissions: components["schemas"]["WritePermission"][];
            admission: components["schemas"]["AdmissionMode"];
            linked_at: components["schemas"]["Timestamp"];
            /** @description when issues were last read to their end */
            synced_at?: components["schemas"]["Timestamp"];
            /** @description GitHub has taken the server's access away or moved the repository, so nothing is asked or written */
            suspended?: boolean;
            /** @description why, and how to put it right */
            suspended_because?: string;
            /** @description what the policy file asks of the work; of an earlier state of it where `policy_faults` names faults */
            policy?: components["schemas"]["WorkPolicy"];
            /** @description what is wrong with the policy file as it is, with line and column */
            policy_faults?: string[];
        };
        /** @description from `.github/owp.yml`: what a pull request may touch and how large it may be, what to run, and how to say which tools were used */
        WorkPolicy: {
            /** @description patterns of paths; all where none is named */
            paths_allowed?: string[];
            /** @description patterns of paths that are left alone, whatever is allowed */
            paths_denied?: string[];
            tiers?: components["schemas"]["PathTier"][];
            /** @description lines for a shell before the work */
            setup?: string[];
            /** @description lines for a shell after it */
            test?: string[];
            /** Format: uint32 */
            files_max?: number;
            /**
             * Format: uint32
             * @description lines added and removed
             */
            lines_max?: number;
            /** Format: uint32 */
            lines_per_point_max?: number;
            /** @description how to say which tools were used */
            disclosure?: string;
            /** @description how a line of the pull request has to begin */
            disclosure_line?: string;
        };
        PathTier: {
            paths: string[];
            tier: components["schemas"]["Tier"];
        };
        /** @description the issue that a task was made of; its text is somebody else's */
        TaskSource: {
            /** Format: uint64 */
            issue: number;
            url: string;
            /** @description who wrote it */
            author?: string;
            /** @description SHA-256 in hexadecimal of the title and text that were taken over */
            text_hash: string;
            /** @description when GitHub was seen to say something else than what was taken over; set while it does */
            edited_at?: components["schemas"]["Timestamp"];
        };
        /** @description the pull request for a task as GitHub tells of it */
        TaskPullRequest: {
            /** Format: uint64 */
            number: number;
            url: string;
            author?: string;
            head_sha?: string;
        };
        ReceiveGithubWebhookResponse: {
            /** @constant */
            ok: true;
        };
        /**
         * @description What happened. `repo_opened` and `repo_closed`: the clock did it (a pause, quiet hours or the hourly limit).
         *     `task_declined`: an offer came to nothing. `task_ready`: its dependencies are merged. `task_waiting`: one of them is
         *     not any more. `task_parked`: its holder waits for its quota. `task_review_idle`: its pull request takes no slot any
         *     more. `task_reverted`: merged, and taken out again. `task_needs_info`: a second holder called its text unclear.
         *     `task_requeued` and `task_failed`: an attempt came to nothing. `worker_offline`: not heard of for too long.
         *     `repo_linked`: what is read and written at GitHub was set. `repo_look_due`: GitHub told of something that has to be
         *     looked at there. `task_source_edited`: the issue says something else than what was taken over, or again the same.
         *     `sign_in_failed` and `request_refused`: somebody was turned away, as often as `details.count` says.
         * @enum {string}
         */
        EventType: "repo_created" | "repo_updated" | "repo_admission_changed" | "repo_opened" | "repo_closed" | "repo_linked" | "repo_look_due" | "worker_registered" | "worker_status_changed" | "worker_updated" | "worker_trust_changed" | "worker_revoked" | "worker_online" | "worker_offline" | "task_created" | "task_updated" | "task_source_edited" | "task_offered" | "task_declined" | "task_ready" | "task_waiting" | "task_assigned" | "task_started" | "task_blocked" | "task_parked" | "task_noted" | "lease_renewed" | "task_pr_opened" | "task_changes_requested" | "task_review_idle" | "task_rated" | "task_merged" | "task_reverted" | "task_closed" | "task_cancelled" | "task_needs_info" | "task_requeued" | "task_failed" | "sign_in_failed" | "request_refused" | "audit_exported" | "backup_taken";
        EventTypes: string;
        Event: {
            /** @description the place behind it */
            id: components["schemas"]["Cursor"];
            type: components["schemas"]["EventType"];
            at: components["schemas"]["Timestamp"];
            /** @description who did it: a worker's id, `worker` where that is not public, `admin`, `anonymous` (a registration), `system` (the clock) or `github:` and a login */
            actor: string;
            /** @description whom it is about: `task:`, `worker:` or `repo:` and an id or name, or `server` */
            subject: string;
            /**
             * Format: uint64
             * @description counts the events about its subject, without gap or repeat
             */
            seq: number;
            repo?: components["schemas"]["RepoName"];
            task_id?: components["schemas"]["TaskId"];
            worker_id?: components["schemas"]["WorkerId"];
            lease_id?: components["schemas"]["LeaseId"];
            /** @description the task's state before it */
            was?: components["schemas"]["TaskState"];
            /** @description the task's state after it */
            state?: components["schemas"]["TaskState"];
            /** @description the request that brought it about */
            request_id?: string;
            /** @description what else there is to say; its fields depend on the type and may grow */
            details: {
                [key: string]: unknown;
            };
        };
        ListEventsResponse: {
            events: components["schemas"]["Event"][];
            /** @description where to go on */
            cursor: components["schemas"]["Cursor"];
            /** @description whether there may be more behind it already */
            more: boolean;
        };
        Analytics: {
            repo?: components["schemas"]["RepoName"];
            worker_id?: components["schemas"]["WorkerId"];
            /** @description the period in a word: `last_30_days`, or `30_days_until_` and a day */
            period: string;
            from: components["schemas"]["Date"];
            to: components["schemas"]["Date"];
            /** @description what happened later is not in these figures */
            as_of: components["schemas"]["Timestamp"];
            metrics: components["schemas"]["AnalyticsMetrics"];
            /** @description every day of the period, the first in front */
            series: components["schemas"]["AnalyticsDay"][];
            /** @description absent for a worker */
            forecast?: components["schemas"]["Forecast"];
        };
        /** @description null where there is nothing to take it from */
        AnalyticsMetrics: {
            /** Format: uint64 */
            tasks_created: number;
            /**
             * Format: uint64
             * @description merged
             */
            tasks_completed: number;
            /**
             * Format: uint64
             * @description pull requests closed unmerged
             */
            tasks_closed: number;
            /** Format: uint64 */
            tasks_cancelled: number;
            /**
             * Format: uint64
             * @description out of attempts
             */
            tasks_failed: number;
            /** Format: uint64 */
            tasks_reverted: number;
            /** @description the mean lead time in words, such as `2.3 days` */
            avg_completion_time: string | null;
            /** Format: uint64 */
            avg_completion_time_s: number | null;
            /**
             * Format: double
             * @description busy among online time
             */
            worker_utilization: number | null;
            /**
             * Format: double
             * @description merged among merged and closed
             */
            pr_merge_rate: number | null;
            bottlenecks: components["schemas"]["Bottleneck"][];
            /** Format: uint64 */
            leases_granted: number;
            /** Format: uint64 */
            leases_expired: number;
            /** Format: uint64 */
            leases_released: number;
            /**
             * Format: double
             * @description expired among granted
             */
            lease_expiry_rate: number | null;
            /**
             * Format: double
             * @description came to nothing among granted
             */
            requeue_rate: number | null;
            /** Format: uint64 */
            offers_made: number;
            /** Format: uint64 */
            offers_declined: number;
            /** Format: uint64 */
            prs_opened: number;
            /** Format: uint64 */
            changes_requested: number;
            /**
             * Format: double
             * @description pull requests opened, anew or after changes, for each day
             */
            reviews_per_day: number;
            /**
             * Format: uint64
             * @description how long every review slot was taken
             */
            throttled_s: number;
            /**
             * Format: double
             * @description of the time that has passed
             */
            throttled_share: number | null;
            lead_time: components["schemas"]["TimeSpread"];
            wait_time: components["schemas"]["TimeSpread"];
            lease_time: components["schemas"]["TimeSpread"];
            work_time: components["schemas"]["TimeSpread"];
            review_time: components["schemas"]["TimeSpread"];
        };
        /** @description of tasks that were merged; null where none was */
        TimeSpread: {
            /** Format: uint64 */
            count: number;
            /** Format: uint64 */
            mean_s: number | null;
            /**
             * Format: uint64
             * @description half of them took no longer; exact to one part in sixteen
             */
            p50_s: number | null;
            /** Format: uint64 */
            p90_s: number | null;
        };
        /** @enum {string} */
        Bottleneck: "review_budget" | "code_review" | "worker_supply" | "work" | "rework" | "lease_expiry";
        AnalyticsDay: {
            date: components["schemas"]["Date"];
            /** Format: uint64 */
            tasks_created: number;
            /** Format: uint64 */
            tasks_completed: number;
            /** Format: uint64 */
            tasks_closed: number;
            /** Format: uint64 */
            leases_granted: number;
            /** Format: uint64 */
            leases_expired: number;
            /** Format: uint64 */
            prs_opened: number;
            /** Format: uint64 */
            changes_requested: number;
            /** Format: uint64 */
            throttled_s: number;
            /** Format: uint64 */
            busy_s: number;
            /** Format: uint64 */
            online_s: number;
            /** Format: uint64 */
            lead_p50_s: number | null;
        };
        Forecast: {
            /**
             * Format: uint64
             * @description tasks that somebody still has to do something for
             */
            unfinished: number;
            /**
             * Format: double
             * @description over the last 28 days
             */
            completed_per_day: number;
            /**
             * Format: double
             * @description null where nothing was completed
             */
            days: number | null;
            /**
             * Format: date-time
             * @description null where that is further off than a hundred years
             */
            clears_at: string | null;
        };
        AuditParty: string;
        /** @enum {string} */
        AuditOrder: "desc" | "asc";
        /** @enum {string} */
        AuditTarget: "task" | "worker" | "repo" | "server";
        AuditEvent: {
            /** @description names it for good: its target with its kind, and the number of the event among those about it */
            id: string;
            timestamp: components["schemas"]["Timestamp"];
            event_type: components["schemas"]["EventType"];
            /** @description a worker's id, `admin`, `anonymous` (nobody was signed in), `system` (the clock) or `github:` and the login of who did it there */
            actor: string;
            /** @description the id or name of what it was done to */
            target: string;
            target_kind: components["schemas"]["AuditTarget"];
            /** Format: uint64 */
            seq: number;
            repo?: components["schemas"]["RepoName"];
            worker_id?: components["schemas"]["WorkerId"];
            lease_id?: components["schemas"]["LeaseId"];
            was?: components["schemas"]["TaskState"];
            state?: components["schemas"]["TaskState"];
            request_id: string;
            details: {
                [key: string]: unknown;
            };
        };
        ListAuditEventsResponse: {
            events: components["schemas"]["AuditEvent"][];
            next_cursor?: components["schemas"]["Cursor"];
        };
        AuditSeal: {
            /**
             * Format: uint64
             * @description counts the batches
             */
            batch: number;
            /** @description SHA-256 in hexadecimal of the seal before it without its signature; 64 zeros for the first */
            previous: string;
            /**
             * Format: uint32
             * @description how many events it holds
             */
            events: number;
            /** @description SHA-256 in hexadecimal over its events in order, each in canonical JSON (RFC 8785) and ended by a line feed */
            digest: string;
            /** @description the earliest time of its events */
            first_at: components["schemas"]["Timestamp"];
            /** @description the latest */
            last_at: components["schemas"]["Timestamp"];
            /** @description the place behind it; the place in front of it is that behind the batch before */
            until: components["schemas"]["Cursor"];
            sealed_at: components["schemas"]["Timestamp"];
            /** @description the public key */
            key: string;
            /** @description Ed25519 over the seal without its signature, in canonical JSON; in base64url */
            signature: string;
        };
        ListAuditSealsResponse: {
            seals: components["schemas"]["AuditSeal"][];
            /**
             * Format: uint64
             * @description how many there are
             */
            batches: number;
            /**
             * Format: uint64
             * @description of so many, the oldest, the events are not kept any more; their seals are
             */
            pruned: number;
            next_cursor?: components["schemas"]["Cursor"];
        };
        GetStateResponse: {
            /** Format: uint32 */
            workers_online: number;
            /** Format: uint32 */
            workers_total: number;
            /** Format: uint32 */
            repos_total: number;
            /**
             * Format: uint32
             * @description live leases, open offers and open pull requests over all repositories
             */
            review_slots_used: number;
            /**
             * Format: uint32
             * @description the sum of all review budgets
             */
            review_slots_total: number;
            /** Format: uint32 */
            tasks_total: number;
            /** Format: uint32 */
            tasks_waiting: number;
            /** Format: uint32 */
            tasks_ready: number;
            /** Format: uint32 */
            tasks_offered: number;
            /** Format: uint32 */
            tasks_leased: number;
            /** Format: uint32 */
            tasks_in_progress: number;
            /** Format: uint32 */
            tasks_blocked: number;
            /** Format: uint32 */
            tasks_pr_opened: number;
            /** Format: uint32 */
            tasks_changes_requested: number;
            /** Format: uint32 */
            tasks_merged: number;
            /** Format: uint32 */
            tasks_closed: number;
            /** Format: uint32 */
            tasks_failed: number;
            /** Format: uint32 */
            tasks_needs_info: number;
            /** Format: uint32 */
            tasks_cancelled: number;
            server_time: components["schemas"]["Timestamp"];
        };
        ServerInfo: {
            name: string;
            version: string;
            protocol_versions: string[];
            /** @description names of optional parts that this server has */
            features: string[];
            /** @enum {string} */
            registration: "open" | "invite" | "closed";
            limits: components["schemas"]["ServerLimits"];
            intervals: components["schemas"]["ServerIntervals"];
            /** @description what is left to whoever asked this, after this call */
            rate_left?: components["schemas"]["RateLeft"];
        };
        ServerLimits: {
            /** Format: uint32 */
            body_bytes: number;
            /** Format: uint32 */
            import_bytes: number;
            /** Format: uint32 */
            import_tasks: number;
            /** Format: uint32 */
            page: number;
            /** Format: uint32 */
            wait_s: number;
            /** @description how often somebody may call; empty where the server itself does not limit that */
            rates?: components["schemas"]["Rate"][];
        };
        ServerIntervals: {
            /**
             * Format: uint32
             * @description how long a lease lasts unless renewed
             */
            lease_ttl_s: number;
            /**
             * Format: uint32
             * @description how long a worker may hold one task in all
             */
            lease_hold_max_s: number;
            /**
             * Format: uint32
             * @description how long an offer waits for an answer
             */
            offer_ttl_s: number;
            /**
             * Format: uint32
             * @description how long a lease may be parked
             */
            park_max_s: number;
            /**
             * Format: uint32
             * @description a worker not heard of for so long is offline
             */
            heartbeat_ttl_s: number;
            /**
             * Format: uint32
             * @description how often a worker says that it is there
             */
            heartbeat_interval_s: number;
            /**
             * Format: uint32
             * @description a worker offline for so long loses its leases
             */
            offline_grace_s: number;
            /**
             * Format: uint32
             * @description how long a holder has to answer a reviewer
             */
            response_ttl_s: number;
        };
        /**
         * @description `worker`: each worker, by its token. `admin`: who shows the admin token, by address. `address`: calls without a
         *     valid token, by address. `registration`: registering without the admin token, by address. `webhook`: deliveries of
         *     webhooks, by address. Addresses of IPv6 count by their /64.
         * @enum {string}
         */
        RatePolicy: "worker" | "admin" | "address" | "registration" | "webhook";
        Rate: {
            policy: components["schemas"]["RatePolicy"];
            /**
             * Format: uint32
             * @description how many calls at once; they come back evenly over the window
             */
            quota: number;
            /** Format: uint32 */
            window_s: number;
        };
        RateLeft: {
            policy: components["schemas"]["RatePolicy"];
            /** Format: uint32 */
            remaining: number;
            /**
             * Format: uint32
             * @description until the quota is whole again
             */
            resets_in_s: number;
        };
        GetLimitsResponse: {
            enforced_by: components["schemas"]["LimitsEnforcer"];
            rates: components["schemas"]["RateInUse"][];
            /** @description those who have least left, at most ten of each limit, the most used first */
            most_used: components["schemas"]["RateOfCaller"][];
            /** @description absent where the server does not hold connections itself */
            connections?: components["schemas"]["ConnectionsInUse"];
            streams: components["schemas"]["StreamsInUse"];
        };
        /**
         * @description who limits how often somebody may call: `server`, a `gateway` before it, or `nobody`
         * @enum {string}
         */
        LimitsEnforcer: "server" | "gateway" | "nobody";
        RateInUse: {
            policy: components["schemas"]["RatePolicy"];
            /** Format: uint32 */
            quota: number;
            /** Format: uint32 */
            window_s: number;
            /**
             * Format: uint32
             * @description how many have used some of their quota and not got it back yet
             */
            callers: number;
            /**
             * Format: uint64
             * @description calls refused since the server started
             */
            refused: number;
        };
        RateOfCaller: {
            policy: components["schemas"]["RatePolicy"];
            /** @description a worker's id, an address, or `others` for all whom the server has no room to count singly */
            caller: string;
            /** Format: uint32 */
            remaining: number;
            /** Format: uint32 */
            resets_in_s: number;
        };
        ConnectionsInUse: {
            /** Format: uint32 */
            open: number;
            /** Format: uint32 */
            max: number;
            /** Format: uint32 */
            per_address_max: number;
        };
        StreamsInUse: {
            /** Format: uint32 */
            open: number;
            /** Format: uint32 */
            max: number;
        };
        Health: {
            /** @constant */
            ok: true;
        };
        Readiness: {
            /** @constant */
            ok: true;
            /** @description the kind of store */
            store: string;
            /** @description how long ago, in seconds, the store's replica had everything that its primary has; absent where there is none */
            replica_lag_s?: number;
        };
    };
    responses: {
        /** @description the request is not of the shape described here (`malformed_body`, `invalid_request`); `errors` says where */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description no token, or not a valid one (`unauthenticated`, `token_expired`, `token_revoked`) */
        Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description known, but not allowed (`forbidden`, `registration_closed`, `invite_needed`) */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description what the request names does not exist (`task_not_found`, `repo_not_found`, `worker_not_found`, `cursor_not_found`), or GitHub is not set up on this server (`github_off`) */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description what was there once is not kept any more (`cursor_gone`) */
        Gone: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description not possible as things stand (`lease_stale`, `offer_gone`, `not_parkable`, `transition_not_allowed`, `task_held`, `key_taken`, `dependency_cycle`, `too_many`, `idempotency_key_reused`) */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the body is larger than this operation takes (`body_too_large`) */
        TooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description the body is of a type that this operation does not read (`unsupported_media_type`) */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description more calls than this caller may make in the time (`rate_limited`); wait for Retry-After */
        TooManyRequests: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                RateLimit: components["headers"]["RateLimit"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description GitHub could not be asked (`github_failed`, with Retry-After), or refused the server (`github_failed` without: repeating is in vain until that is mended) */
        BadGateway: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description this server can't do that (`not_supported`); `detail` says what to do instead */
        NotSupported: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description no such path (`not_found`), a method it does not know (`method_not_allowed`), or the server cannot answer now (`unavailable`, with Retry-After; `internal`) */
        Failure: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        TaskId: components["schemas"]["TaskId"];
        LeaseId: components["schemas"]["LeaseId"];
        OfferId: components["schemas"]["OfferId"];
        WorkerId: components["schemas"]["WorkerId"];
        /** @description who owns the repository */
        Owner: components["schemas"]["RepoOwner"];
        /** @description its name, without its owner */
        OwnName: components["schemas"]["RepoOwnName"];
        /** @description the `next_cursor` of the page before; opaque */
        Cursor: components["schemas"]["Cursor"];
        /** @description how many a page holds at the most */
        Limit: number;
        /** @description how many days the period has */
        Days: number;
        /** @description its last day, in UTC; today if left out */
        Until: components["schemas"]["Date"];
        /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
        IdempotencyKey: components["schemas"]["IdempotencyKey"];
    };
    requestBodies: never;
    headers: {
        /** @description names this request in the server's log; taken from the request's own header where it has a fitting one */
        "X-Request-Id": string;
        /** @description seconds to wait before trying again */
        "Retry-After": number;
        /** @description how many bytes the answer has */
        "Content-Length": number;
        /** @description the SHA-256 of the answer (RFC 9530), as in `sha-256=:YWJj…:` */
        "Repr-Digest": string;
        /** @description the limit that the call counts for: its name, how many calls (`q`) in how many seconds (`w`), as in `"worker";q=300;w=60` */
        "RateLimit-Policy": string;
        /** @description what is left of it: calls (`r`), and the seconds until it is whole again (`t`), as in `"worker";r=299;t=1` */
        RateLimit: string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    registerWorker: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegisterWorkerRequest"];
            };
        };
        responses: {
            /** @description registered */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegisterWorkerResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    sendHeartbeat: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendHeartbeatRequest"];
            };
        };
        responses: {
            /** @description heard */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendHeartbeatResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getOwnWorker: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the worker whose token was sent */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    updateOwnWorker: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateOwnWorkerRequest"];
            };
        };
        responses: {
            /** @description as you now stand */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Worker"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getReputation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                worker_id: components["parameters"]["WorkerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the score with its parts */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetReputationResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    setTrustTier: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                worker_id: components["parameters"]["WorkerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetTrustTierRequest"];
            };
        };
        responses: {
            /** @description set */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SetTrustTierResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    fetchWork: {
        parameters: {
            query?: {
                /** @description how long to wait for work, in seconds, when the caller holds none */
                wait_s?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the live leases, and what waits for review */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Cache-Control"?: "no-store";
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FetchWorkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    explainWork: {
        parameters: {
            query?: {
                /** @description whom to explain; needed from an administrator, refused from a worker unless it is its own */
                worker_id?: components["schemas"]["WorkerId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the reasons */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainWorkResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    requestOffers: {
        parameters: {
            query?: {
                /** @description how many open offers to have at the most; those that are open already stay open */
                limit?: number;
            };
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the open offers, those that end first in front */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestOffersResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    acceptOffer: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                offer_id: components["parameters"]["OfferId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description leased */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AcceptOfferResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    rejectOffer: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                offer_id: components["parameters"]["OfferId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RejectOfferRequest"];
            };
        };
        responses: {
            /** @description declined */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskStateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    parkLease: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                lease_id: components["parameters"]["LeaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParkLeaseRequest"];
            };
        };
        responses: {
            /** @description parked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParkLeaseResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    renewLease: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                lease_id: components["parameters"]["LeaseId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description renewed */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RenewLeaseResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    releaseLease: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                lease_id: components["parameters"]["LeaseId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReleaseLeaseRequest"];
            };
        };
        responses: {
            /** @description released */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskStateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: components["parameters"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the task */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    reportTaskStatus: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                task_id: components["parameters"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportTaskStatusRequest"];
            };
        };
        responses: {
            /** @description written */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskStateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    explainTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: components["parameters"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the reasons */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplainTaskResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    listRepos: {
        parameters: {
            query?: {
                /** @description the `next_cursor` of the page before; opaque */
                cursor?: components["parameters"]["Cursor"];
                /** @description how many a page holds at the most */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page, by name */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListReposResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    putRepo: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutRepoRequest"];
            };
        };
        responses: {
            /** @description as it now stands */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PutRepoResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getAdmission: {
        parameters: {
            query: {
                /** @description whose lists */
                repo: components["schemas"]["RepoName"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description both lists, sorted */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Admission"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    putAdmission: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutAdmissionRequest"];
            };
        };
        responses: {
            /** @description as it now stands */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Admission"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description only this repository's */
                repo?: components["schemas"]["RepoName"];
                /** @description only tasks in this state */
                state?: components["schemas"]["TaskState"];
                /** @description only tasks of this area */
                area?: components["schemas"]["Area"];
                /** @description only tasks that require this skill */
                skill?: components["schemas"]["Skill"];
                /** @description only tasks that this worker holds or has in review */
                worker_id?: components["schemas"]["WorkerId"];
                /** @description the `next_cursor` of the page before; opaque */
                cursor?: components["parameters"]["Cursor"];
                /** @description how many a page holds at the most */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page; it may hold fewer than `limit` while `next_cursor` is set */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListTasksResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    createTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTask"];
            };
        };
        responses: {
            /** @description created, `ready`, or `waiting` where it depends on tasks that are not merged */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskStateResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    importTasks: {
        parameters: {
            query?: {
                /** @description answer what would change and write nothing */
                dry_run?: boolean;
            };
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ImportTasksRequest"];
                "application/yaml": components["schemas"]["ImportTasksRequest"];
            };
        };
        responses: {
            /** @description what changed, or with `dry_run` would change, task by task in the order sent */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportTasksResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    updateTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                task_id: components["parameters"]["TaskId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateTaskRequest"];
            };
        };
        responses: {
            /** @description as it now stands */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Task"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    listWorkers: {
        parameters: {
            query?: {
                /** @description only those heard of within the heartbeat time, or only the others */
                online?: boolean;
                /** @description the `next_cursor` of the page before; opaque */
                cursor?: components["parameters"]["Cursor"];
                /** @description how many a page holds at the most */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page; it may hold fewer than `limit` while `next_cursor` is set */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListWorkersResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    revokeWorker: {
        parameters: {
            query?: never;
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                worker_id: components["parameters"]["WorkerId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevokeWorkerRequest"];
            };
        };
        responses: {
            /** @description revoked */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevokeWorkerResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getState: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description counts over all repositories */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetStateResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getLimits: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description as things stand now */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GetLimitsResponse"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getBackup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the file */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "Content-Length": components["headers"]["Content-Length"];
                    "Repr-Digest": components["headers"]["Repr-Digest"];
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.sqlite3": string;
                };
            };
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            501: components["responses"]["NotSupported"];
            default: components["responses"]["Failure"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description a place: an event's `id`, a page's `cursor`, or `earliest` or `latest`; without it a page starts with the earliest that is kept and a stream with what comes next. `Last-Event-ID` goes before it */
                after?: components["schemas"]["Cursor"];
                /** @description how many events a page holds at the most */
                limit?: number;
                /** @description only events of these types, separated by commas */
                types?: components["schemas"]["EventTypes"];
                /** @description only events about this repository and its tasks */
                repo?: components["schemas"]["RepoName"];
                /** @description only events about this task */
                task_id?: components["schemas"]["TaskId"];
                /** @description only events that name this worker */
                worker_id?: components["schemas"]["WorkerId"];
            };
            header?: {
                /** @description the `id` of the last event that was received */
                "Last-Event-ID"?: components["schemas"]["Cursor"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of events, or a stream of them */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListEventsResponse"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            410: components["responses"]["Gone"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getPoolAnalytics: {
        parameters: {
            query?: {
                /** @description how many days the period has */
                days?: components["parameters"]["Days"];
                /** @description its last day, in UTC; today if left out */
                until?: components["parameters"]["Until"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the figures */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getRepoAnalytics: {
        parameters: {
            query?: {
                /** @description how many days the period has */
                days?: components["parameters"]["Days"];
                /** @description its last day, in UTC; today if left out */
                until?: components["parameters"]["Until"];
            };
            header?: never;
            path: {
                /** @description the part of the name in front of the slash; `-` for a name without one */
                owner: components["schemas"]["RepoOwner"];
                /** @description the part behind the slash */
                repo: components["schemas"]["RepoOwnName"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the figures */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getWorkerAnalytics: {
        parameters: {
            query?: {
                /** @description how many days the period has */
                days?: components["parameters"]["Days"];
                /** @description its last day, in UTC; today if left out */
                until?: components["parameters"]["Until"];
            };
            header?: never;
            path: {
                worker_id: components["parameters"]["WorkerId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the figures */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analytics"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                /** @description only what happened at that time or later */
                from?: components["schemas"]["Timestamp"];
                /** @description only what happened before */
                to?: components["schemas"]["Timestamp"];
                /** @description only events of this type */
                type?: components["schemas"]["EventType"];
                /** @description only what was done by them: a worker's id, `admin`, `anonymous` or `system` */
                actor?: components["schemas"]["AuditParty"];
                /** @description only what was done to this: the id of a task or worker, the name of a repository, or `server` */
                target?: components["schemas"]["AuditParty"];
                /** @description of pages */
                order?: components["schemas"]["AuditOrder"];
                /** @description the `next_cursor` of the page before; opaque */
                cursor?: components["parameters"]["Cursor"];
                /** @description how many events a page holds at the most */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page, or an export */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAuditEventsResponse"];
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            410: components["responses"]["Gone"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    listAuditSeals: {
        parameters: {
            query?: {
                /** @description the `next_cursor` of the page before; opaque */
                cursor?: components["parameters"]["Cursor"];
                /** @description how many a page holds at the most */
                limit?: components["parameters"]["Limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page of seals */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListAuditSealsResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    syncGithubRepo: {
        parameters: {
            query?: {
                /** @description answer what would change and write nothing */
                dry_run?: boolean;
            };
            header?: {
                /** @description the same key with the same request within 24 hours gets the same answer and is carried out once */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description who owns the repository */
                owner: components["parameters"]["Owner"];
                /** @description its name, without its owner */
                repo: components["parameters"]["OwnName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SyncGithubRepoRequest"];
            };
        };
        responses: {
            /** @description what changed, or with `dry_run` would change */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncGithubRepoResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            502: components["responses"]["BadGateway"];
            default: components["responses"]["Failure"];
        };
    };
    receiveGithubWebhook: {
        parameters: {
            query?: never;
            header: {
                /** @description the name of the event */
                "X-GitHub-Event": components["schemas"]["GithubWord"];
                /** @description names the delivery; a repeated one has the same */
                "X-GitHub-Delivery": components["schemas"]["GithubWord"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GithubPayload"];
            };
        };
        responses: {
            /** @description taken; what it takes to ask GitHub is done afterwards */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceiveGithubWebhookResponse"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthenticated"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["TooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getServerInfo: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what a client may rely on */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServerInfo"];
                };
            };
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Failure"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description alive */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            default: components["responses"]["Failure"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the store answers */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            default: components["responses"]["Failure"];
        };
    };
}

/** Where each operation of the contract lives. */
export const places = {
  registerWorker: ['POST', '/v1/workers/register'],
  sendHeartbeat: ['POST', '/v1/workers/heartbeat'],
  getOwnWorker: ['GET', '/v1/workers/me'],
  updateOwnWorker: ['PATCH', '/v1/workers/me'],
  getReputation: ['GET', '/v1/workers/{worker_id}/reputation'],
  setTrustTier: ['POST', '/v1/workers/{worker_id}/trust-tier'],
  fetchWork: ['GET', '/v1/work'],
  explainWork: ['GET', '/v1/work/explain'],
  requestOffers: ['POST', '/v1/work/offers'],
  acceptOffer: ['POST', '/v1/work/offers/{offer_id}/accept'],
  rejectOffer: ['POST', '/v1/work/offers/{offer_id}/reject'],
  parkLease: ['POST', '/v1/leases/{lease_id}/park'],
  renewLease: ['POST', '/v1/leases/{lease_id}/renew'],
  releaseLease: ['POST', '/v1/leases/{lease_id}/release'],
  getTask: ['GET', '/v1/tasks/{task_id}'],
  reportTaskStatus: ['POST', '/v1/tasks/{task_id}/status'],
  explainTask: ['GET', '/v1/tasks/{task_id}/explain'],
  listRepos: ['GET', '/v1/admin/repos'],
  putRepo: ['POST', '/v1/admin/repos'],
  getAdmission: ['GET', '/v1/admin/admission'],
  putAdmission: ['POST', '/v1/admin/admission'],
  listTasks: ['GET', '/v1/admin/tasks'],
  createTask: ['POST', '/v1/admin/tasks'],
  importTasks: ['POST', '/v1/admin/tasks/import'],
  updateTask: ['PATCH', '/v1/admin/tasks/{task_id}'],
  listWorkers: ['GET', '/v1/admin/workers'],
  revokeWorker: ['POST', '/v1/admin/workers/{worker_id}/revoke'],
  getState: ['GET', '/v1/admin/state'],
  getLimits: ['GET', '/v1/admin/limits'],
  getBackup: ['GET', '/v1/admin/backup'],
  listEvents: ['GET', '/v1/events'],
  getPoolAnalytics: ['GET', '/v1/analytics/pool'],
  getRepoAnalytics: ['GET', '/v1/analytics/repositories/{owner}/{repo}'],
  getWorkerAnalytics: ['GET', '/v1/analytics/workers/{worker_id}'],
  listAuditEvents: ['GET', '/v1/audit/events'],
  listAuditSeals: ['GET', '/v1/audit/seals'],
  syncGithubRepo: ['POST', '/v1/github/repos/{owner}/{repo}/sync'],
  receiveGithubWebhook: ['POST', '/webhooks/github'],
  getServerInfo: ['GET', '/v1/server'],
  getHealth: ['GET', '/healthz'],
  getReadiness: ['GET', '/readyz'],
} as const satisfies Record<keyof operations, readonly [string, keyof paths]>;
