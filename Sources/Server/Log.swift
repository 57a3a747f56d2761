import Foundation
import Logging
import Metrics
import Web

/// The program's log: to standard error, one line each, as text or JSON.
enum Log {
    /// Once per process, before anything logs.
    static func start(_ settings: Settings) {
        let level = Logger.Level(rawValue: settings.text("logLevel")) ?? .info
        let json = settings.text("logForm") == "json"
        LoggingSystem.bootstrap { label in
            if json {
                var handler = JSONLog(label: label)
                handler.logLevel = level
                return handler
            }
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        MetricsSystem.bootstrap(Figures.shared)
    }
}

/// One JSON object per line.
struct JSONLog: LogHandler {
    let label: String
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        fields["at"] = Date.now.formatted(
            .iso8601.year().month().day()
                .time(includingFractionalSeconds: true).timeZone(separator: .omitted))
        fields["level"] = event.level.rawValue
        fields["label"] = label
        fields["message"] = event.message.description
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard var line = try? encoder.encode(fields) else { return }
        line.append(0x0a)
        FileHandle.standardError.write(line)
    }
}
