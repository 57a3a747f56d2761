import Metrics
import Testing

@testable import Web

/// What Prometheus' text format allows, read strictly.
private struct Exposition {
    struct Bad: Error, CustomStringConvertible {
        let line: String
        let why: String
        var description: String { "\(why): \(line)" }
    }

    var help: [String: String] = [:]
    var kinds: [String: String] = [:]
    var samples: [(name: String, labels: String, value: Double)] = []

    init(_ text: String) throws {
        var seen: Set<String> = []
        guard text.hasSuffix("\n") else { throw Bad(line: "", why: "no end of line at the end") }
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            let line = String(line)
            if let found = line.wholeMatch(of: /# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)/)?.output {
                guard help.updateValue(String(found.2), forKey: String(found.1)) == nil else {
                    throw Bad(line: line, why: "told twice")
                }
            } else if let found = line.wholeMatch(
                of: /# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram)/)?.output
            {
                guard kinds.updateValue(String(found.2), forKey: String(found.1)) == nil else {
                    throw Bad(line: line, why: "typed twice")
                }
            } else if let found = line.wholeMatch(
                of:
                    /([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*",?)+\})? (\S+)/
            )?.output {
                guard let value = Double(found.3.replacing("+Inf", with: "inf")) else {
                    throw Bad(line: line, why: "no number")
                }
                guard seen.insert("\(found.1)\(found.2 ?? "")").inserted else {
                    throw Bad(line: line, why: "doubled")
                }
                samples.append((String(found.1), String(found.2 ?? ""), value))
            } else {
                throw Bad(line: line, why: "no line of the format")
            }
        }
        for sample in samples where family(of: sample.name) == nil {
            throw Bad(line: sample.name, why: "without a type before it")
        }
    }

    func family(of name: String) -> String? {
        if kinds[name] != nil { return name }
        for ending in ["_bucket", "_sum", "_count"] where name.hasSuffix(ending) {
            let family = String(name.dropLast(ending.count))
            if kinds[family] == "histogram" { return family }
        }
        return nil
    }
}

@Suite struct PrometheusTests {
    @Test func `all figures are told in the format, each with help and type`() throws {
        let figures = Figures()
        Counter(
            label: "qinke_commands_refused", dimensions: [("code", "a\"b\\c\nd")], factory: figures
        )
        .increment()
        Meter(label: "qinke_wal_bytes", factory: figures).set(12.5)
        Meter(
            label: "qinke_follower_behind", dimensions: [("follower", "search")], factory: figures
        )
        .set(3)
        Timer(
            label: "qinke_command", dimensions: [("type", "say")], preferredDisplayUnit: .seconds,
            factory: figures
        )
        .recordNanoseconds(5_000_000)
        let page = try Exposition(figures.text())
        #expect(page.kinds.count == 5)
        #expect(Set(page.help.keys) == Set(page.kinds.keys))
        for (name, text) in page.help {
            #expect(FigureHelp.texts[name] == text, "\(name) has no text of its own")
        }
        #expect(page.samples.contains { $0.name == "qinke_wal_bytes" && $0.value == 12.5 })
    }

    @Test func `the reader itself refuses what is wrong`() {
        for text in [
            "a 1", "# TYPE a gauge\na\n", "# TYPE a gauge\na 1\na 1\n", "a 1\n", "# TYPE a odd\n",
        ] {
            #expect(throws: (any Error).self) { try Exposition(text) }
        }
    }
}
