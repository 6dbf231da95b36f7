import Configuration
import Consumption
import FileAccess
import HTTPInterface
import JSONText
import Ledger
import LogModel

extension AgentRuntime {
    /// Does what an operator asks for.
    func answer(_ request: ControlRequest) async -> ControlAnswer {
        do {
            switch request {
            case .status: return .answer(status(await snapshot()))
            case .consumers:
                let state = try await knownState()
                return .answer(ConsumersReport(state, configured: configuredConsumers).json)
            case .explain(let path):
                let state = try await knownState()
                return .answer(
                    StreamReport(
                        streams: state.streams, cursors: state.cursors, losses: state.losses, path: path,
                        head: { FileHead(of: path, using: LinuxFileAccess()) }, from: .agent
                    ).json)
            case .query(let target): return .answer(try await answer(query: target))
            case .reload:
                let changes = try await reload()
                return .answer([
                    "reloaded": true, "summary": .string(Self.summary(configuration)),
                    "changes": .array(changes.map { .string($0.description) }),
                ])
            case .drop(let name):
                guard await drop(name) else { throw try await refusal(toDrop: name) }
                return .answer(["dropped": .string(name.rawValue)])
            case .reset(let name):
                guard await reset(name) else { throw try await refusal(toReset: name) }
                return .answer(["reset": .string(name.rawValue)])
            }
        } catch {
            return .refusal(ControlRefusal(error))
        }
    }

    private func snapshot() async -> PublishedSnapshot<AgentState>? { await freshSnapshot() ?? latest }

    private func knownState() async throws -> AgentState {
        guard let snapshot = await snapshot() else {
            throw ControlRefusal(
                code: "not_ready", message: "the agent has not looked at its files yet", hint: "ask again in a moment")
        }
        return snapshot.content
    }

    var configuredConsumers: Set<ConsumerName> { configuration.consumers }

    static func summary(_ configuration: AgentConfiguration) -> String {
        func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
        return [
            counted(configuration.sources.count, "source"), counted(configuration.patterns.count, "pattern"),
            counted(configuration.records.count, "record"),
        ].joined(separator: ", ")
    }

    private func refusal(toDrop name: ConsumerName) async throws -> ControlRefusal {
        guard configuredConsumers.contains(name) else { return try await unknown(name) }
        return ControlRefusal(
            code: "consumer_configured", message: "the consumer \(name) is configured, so it cannot be dropped",
            hint: name == .metrics
                ? "it is the agent's own; `outrider consumers reset \(name)` moves it to the end of everything"
                : "remove it from `records` and reload first, or move it to the end with `outrider consumers reset \(name)`"
        )
    }

    private func refusal(toReset name: ConsumerName) async throws -> ControlRefusal {
        guard try await knownState().cursors.contains(where: { $0.consumer == name }) else {
            return try await unknown(name)
        }
        return ControlRefusal(
            code: "consumer_not_configured",
            message: "the consumer \(name) is not configured any more, so it cannot be moved: nothing reads for it",
            hint:
                "`outrider consumers drop \(name)` forgets it, so that no file is kept for it; or configure it again, and reset it then"
        )
    }

    private func unknown(_ name: ConsumerName) async throws -> ControlRefusal {
        let known = Set(try await knownState().cursors.map(\.consumer)).union(configuredConsumers).sorted()
        return ControlRefusal(
            code: "consumer_unknown", message: "there is no consumer named \(name)",
            hint: "the consumers are \(known.map(\.rawValue).joined(separator: ", "))")
    }

    private func status(_ snapshot: PublishedSnapshot<AgentState>?) -> JSONValue {
        let configuration = configuration
        var members: [JSONValue.Member] = [
            .init("version", .string(OutriderVersion.current)),
            .init("process", .integer(Int64(ProcessEnvironment.processIdentifier))),
            .init("uptime_seconds", .number(uptime)),
            .init("state_directory", .string(configuration.stateDirectory)),
            .init("metrics_address", .string(metricsAddress)),
            .init("configuration", .string(Self.summary(configuration))),
            .init("reloads", reloadStatus), .init("components", health.json),
            .init("history", historyStatus),
        ]
        guard let snapshot else {
            members.append(.init("state", "starting"))
            return .object(members)
        }
        members.append(.init("state", snapshot.isDurable ? "running" : "degraded"))
        members.append(.init("ledger", ledgerStatus(snapshot)))
        members += StatusReport(snapshot.content, configured: configuredConsumers).members
        return .object(members)
    }
}
