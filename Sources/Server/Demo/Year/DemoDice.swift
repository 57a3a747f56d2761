/// Chance that is the same every time: the demonstration's year never changes with its seed (SplitMix64).
struct DemoDice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// True so many times in a thousand.
    mutating func chance(_ perMille: Int) -> Bool { Int(next() % 1_000) < perMille }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    mutating func one<T>(of list: [T]) -> T { list[Int(next() % UInt64(list.count))] }

    /// An index, as likely as its weight.
    mutating func index(by weights: [Int]) -> Int {
        var rest = number(0...max(0, weights.reduce(0, +) - 1))
        for (index, weight) in weights.enumerated() {
            if rest < weight { return index }
            rest -= weight
        }
        return 0
    }
}
