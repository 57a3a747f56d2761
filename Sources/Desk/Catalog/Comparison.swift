/// Two or three variants side by side, only in what sets them apart.
package struct Comparison: Hashable, Sendable {
    package struct Line: Hashable, Sendable {
        package let name: Localized
        /// One for each variant, in their order; empty = nothing is known.
        package let values: [String]
    }

    package let lines: [Line]

    package init(_ candidates: [Choosing.Candidate]) {
        guard candidates.count > 1 else {
            lines = []
            return
        }
        var lines = [
            Line(
                name: Localized(zh: "价格", en: "Price"),
                values: candidates.map(\.sku.price.description)),
            Line(name: Localized(zh: "规格", en: "Variant"), values: candidates.map(\.sku.name)),
            Line(
                name: Localized(zh: "现货", en: "In stock"),
                values: candidates.map { String($0.left) }),
        ]
        for name in Self.names(of: candidates) {
            let values = candidates.map { candidate in
                candidate.item.attributes.first { $0.name == name }?.value ?? ""
            }
            lines.append(Line(name: Localized(zh: name, en: name), values: values))
        }
        lines.append(
            Line(
                name: Localized(zh: "卖点", en: "Selling points"),
                values: Self.ownPoints(of: candidates)))
        self.lines = lines.filter { Set($0.values).count > 1 }
    }

    /// Attributes that at least two of them tell, in the order in which they are told.
    private static func names(of candidates: [Choosing.Candidate]) -> [String] {
        let all = candidates.flatMap { $0.item.attributes.map(\.name) }
        var seen: Set<String> = []
        return all.filter { name in
            all.filter { $0 == name }.count > 1 && seen.insert(name).inserted
        }
    }

    /// What each says for itself that no other says.
    private static func ownPoints(of candidates: [Choosing.Candidate]) -> [String] {
        candidates.enumerated().map { index, candidate in
            let others = candidates.enumerated().filter { $0.offset != index }
                .flatMap { $0.element.item.sellingPoints }
            return candidate.item.sellingPoints.filter { !others.contains($0) }.prefix(3)
                .joined(separator: "；")
        }
    }
}

extension Choosing {
    /// The choices as an agent would write them to the buyer; the agent reads and changes them before they are sent.
    package static func reply(_ choices: [Choice], in tongue: Tongue) -> String {
        func said(_ text: Localized) -> String { tongue == .zh ? text.zh : text.en }
        guard !choices.isEmpty else { return "" }
        let lines = choices.enumerated().map { index, choice in
            let candidate = choice.candidate
            let variant =
                candidate.sku.name.isEmpty
                ? ""
                : tongue == .zh
                    ? "（\(candidate.sku.name)）" : " (\(candidate.sku.name))"
            let why = (choice.reasons + choice.cautions).map(said)
                .joined(separator: tongue == .zh ? "，" : ", ")
            let number = choices.count > 1 ? "\(index + 1). " : ""
            return "\(number)\(candidate.item.title)\(variant) \(candidate.sku.price)"
                + (why.isEmpty ? "" : tongue == .zh ? "：\(why)" : ": \(why)")
        }
        let head =
            tongue == .zh
            ? "为您挑了\(choices.count == 1 ? "这一款" : "这 \(choices.count) 款")："
            : choices.count == 1 ? "This one should suit you:" : "These should suit you:"
        return ([head] + lines).joined(separator: "\n")
    }

    package enum Tongue: String, Hashable, Sendable { case zh, en }

    /// When goods arrive that are ordered now: they leave today before the warehouse's cut-off, else the next day, and
    /// travel some days; the end of the last one counts.
    /// - Parameter cutOff: minutes of the day; nil = they leave the next day.
    package static func arrival(
        orderedAt: Instant, cutOff: Int?, days: Int, zone: String
    ) -> Instant {
        let today = CalendarDay.start(of: orderedAt, in: zone)
        let minutes = Int((orderedAt - today).milliseconds / Span.minutes(1).milliseconds)
        let leaves = cutOff.map { minutes < $0 } ?? false ? 0 : 1
        return today + .days(leaves + days + 1) - .minutes(1)
    }
}
