import Configuration
import Core
import Studio
import Workspace

#if Redis
    import RedisStores

    /// The line of jobs that a workspace shares with others.
    struct WorkLine: Sendable {
        let jobs: RedisJobs
        /// Keeps the connection.
        private let share: RedisShare

        init(_ opening: Opening) throws(Failure) {
            do {
                let workspace = try opening.workspace()
                let configuration = try opening.trusting(opening.configuration(of: workspace), of: workspace)
                guard let share = try RedisShare.open(configuration, project: workspace.name), let jobs = share.jobs
                else { throw Self.needsRedis }
                (self.jobs, self.share) = (jobs, share)
            } catch { throw Failure(error) }
        }

        /// Puts an order into the line and prints its name.
        func add(_ order: RunOrder, asJSON: Bool) throws(Failure) {
            guard let job = order.job else {
                throw Failure(
                    .usage, kind: "usage",
                    "a job names a loop and its inputs only: leave out --provider, --model and --take next")
            }
            do throws(RedisError) {
                let id = try jobs.add(job)
                Output.result(asJSON ? (["job": JSONValue(id)] as JSONValue).text(isPretty: true) : "Job \(id) waits.")
            } catch { throw Failure(.unavailable, kind: "storage", error.description) }
        }
    }
#else
    struct WorkLine {
        init(_ opening: Opening) throws(Failure) { throw Self.needsRedis }

        func add(_ order: RunOrder, asJSON: Bool) {}
    }
#endif

extension WorkLine {
    fileprivate static var needsRedis: Failure {
        Failure(
            .badConfiguration, kind: "configuration",
            "jobs are shared through Redis: set state.backend: redis, in a program built with the package trait Redis")
    }
}
