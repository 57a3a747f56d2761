import Foundation
import Reconciliation

/// What a replay did and what the store holds of it.
struct ReplayReport: Codable, Sendable {
    /// Milliseconds.
    struct Latency: Codable, Sendable {
        let p50: Double
        let p90: Double
        let p99: Double
        let max: Double

        init(_ spans: [Duration]) {
            let sorted = spans.map {
                Double($0.components.seconds) * 1000 + Double($0.components.attoseconds) / 1e15
            }
            .sorted()
            func at(_ share: Double) -> Double {
                guard !sorted.isEmpty else { return 0 }
                return (sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] * 100)
                    .rounded() / 100
            }
            p50 = at(0.5)
            p90 = at(0.9)
            p99 = at(0.99)
            max = at(1)
        }
    }

    var dialogues = 0
    var seconds = 0.0
    /// Messages that clients gave to the protocol.
    var sent = 0
    var acknowledged = 0
    /// Refused for good by the server.
    var refused = 0
    /// Sent, but never answered within the patience.
    var unanswered = 0
    /// Found in the store under the keys that were sent.
    var stored = 0
    /// Stored and shown in the other side's window.
    var delivered = 0
    /// Acknowledged and not stored as it was said, or stored and never shown to the other side.
    var lost = 0
    var duplicated = 0
    var outOfOrder = 0
    var reconnects = 0
    var resent = 0
    var gapsRepaired = 0
    var ack = Latency([])
    var delivery = Latency([])
    var proxy: ChaosProxy.Figures?
    var findings: [Finding] = []

    var isClean: Bool {
        lost == 0 && duplicated == 0 && outOfOrder == 0 && unanswered == 0 && refused == 0
    }

    var lines: [String] {
        func row(_ zh: String, _ en: String, _ value: String) -> String {
            (Say.english ? en : zh).padding(to: Say.english ? 16 : 8) + "  " + value
        }
        func spans(_ latency: Latency) -> String {
            "p50 \(latency.p50) ms · p90 \(latency.p90) ms · p99 \(latency.p99) ms · max \(latency.max) ms"
        }
        var lines = [
            row("对话", "dialogues", "\(dialogues)  (\((seconds * 10).rounded() / 10) s)"),
            row("发出", "sent", "\(sent)"), row("已确认", "acknowledged", "\(acknowledged)"),
            row("已保存", "stored", "\(stored)"), row("已送达", "delivered", "\(delivered)"),
            row("被拒绝", "refused", "\(refused)"), row("无回执", "unanswered", "\(unanswered)"),
            row("丢失", "lost", "\(lost)"), row("重复", "duplicated", "\(duplicated)"),
            row("乱序", "out of order", "\(outOfOrder)"),
            row("重连", "reconnects", "\(reconnects)"), row("重发", "resent", "\(resent)"),
            row("补缺", "gaps repaired", "\(gapsRepaired)"),
            row("回执", "ack", spans(ack)), row("送达", "delivery", spans(delivery)),
        ]
        if let proxy {
            lines.append(
                row(
                    "捣乱", "chaos",
                    "\(proxy.connections) connections: \(proxy.refused) refused, \(proxy.cut) to be cut, \(proxy.delayed) delayed"
                ))
        }
        for finding in findings.prefix(20) {
            lines.append("✗ \(finding)")
        }
        return lines
    }
}
