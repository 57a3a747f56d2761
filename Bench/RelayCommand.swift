import ArgumentParser
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Sockets
import Synchronization

/// The ceiling of chat: the same server, sockets and frames, one grouped append + fdatasync, then ack and forward.
///
/// It knows no shop, no conversation and no rule: buyer b is paired with agent b mod the number of agents, for ever.
struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay", abstract: "Runs the bare relay that is the ceiling for chat.")

    @Option(help: "The port on loopback.") var port = 8401
    @Option(help: "The file that messages are appended to; created anew.") var file: String

    func run() async throws {
        FileLimit.raise()
        let journal = try Journal(path: file)
        let desks = Desks()
        let upgrade = SocketUpgrade<RelayGuest>(
            path: "/v1/socket",
            gate: { request, _ in
                guard let guest = RelayGuest(request.headerFields[.secWebSocketProtocol] ?? "")
                else {
                    return .refuse
                }
                return .accept(guest, subprotocol: "qinke.v1")
            },
            open: { guest, handle in RelaySession(guest, handle, desks: desks, journal: journal) })
        let router = Router()
        router.get("/health") { _, _ in "ok" }
        router.get("/v1/socket") { _, _ in HTTPResponse.Status.unauthorized }
        var logger = Logger(label: "relay")
        logger.logLevel = .error
        let application = Application(
            router: router,
            server: .http1(configuration: .init(additionalChannelHandlers: upgrade.handlers())),
            configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger)
        try await application.runService()
    }
}

/// Who connects to the relay: `bearer.buyer-17-of-20` (20 agents) or `bearer.agent-3`.
enum RelayGuest: Sendable {
    case buyer(Int, agent: Int)
    case agent(Int)

    init?(_ subprotocols: String) {
        guard let token = subprotocols.split(separator: ".").last else { return nil }
        let parts = token.split(separator: "-")
        switch (parts.first, parts.count) {
        case ("buyer", 4):
            guard let buyer = Int(parts[1]), let agents = Int(parts[3]), agents > 0 else {
                return nil
            }
            self = .buyer(buyer, agent: buyer % agents)
        case ("agent", 2):
            guard let agent = Int(parts[1]) else { return nil }
            self = .agent(agent)
        default:
            return nil
        }
    }
}

/// Where the agents sit.
final class Desks: Sendable {
    private let handles = Mutex<[Int: SocketHandle]>([:])

    subscript(agent: Int) -> SocketHandle? {
        get { handles.withLock { $0[agent] } }
        set { handles.withLock { $0[agent] = newValue } }
    }
}

final class RelaySession: SocketSession {
    private let guest: RelayGuest
    private let handle: SocketHandle
    private let desks: Desks
    private let journal: Journal
    private let number = Atomic(0)

    init(_ guest: RelayGuest, _ handle: SocketHandle, desks: Desks, journal: Journal) {
        self.guest = guest
        self.handle = handle
        self.desks = desks
        self.journal = journal
        if case .agent(let agent) = guest { desks[agent] = handle }
    }

    func received(_ text: ByteBuffer) {
        Wire.read(text) { wire in
            if wire.has(#""type":"hello""#) {
                handle.send(
                    SocketFrame(text: #"{"type":"welcome","session":"1","event":0,"now":0}"#))
                handle.send(SocketFrame(text: #"{"type":"live","event":0}"#))
            } else if case .buyer(let buyer, let agent) = guest, wire.has(#""type":"say""#),
                let key = wire.string(#""key":"#), let said = wire.string(#""text":"#)
            {
                let line = Journal.Line(
                    buyer: buyer, number: number.add(1, ordering: .relaxed).newValue,
                    key: ByteBuffer(bytes: key), text: ByteBuffer(bytes: said), from: handle,
                    to: desks[agent])
                journal.append(line)
            }
        }
    }

    func closed(_ why: SocketClose) {
        if case .agent(let agent) = guest { desks[agent] = nil }
    }
}
