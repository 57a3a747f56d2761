package import SQL

/// What a store holds that can be made anew from the rest, and differs between engines.
package enum Rebuildable {
    /// Tables of such things.
    package static func isPart(_ table: String) -> Bool {
        SearchTable.allCases.contains { table.hasPrefix($0.rawValue) }
    }

    /// The rows of a table that say something by themselves: a follower's place belongs to what it made.
    ///
    /// - Returns: the condition, or nil when all rows count.
    package static func condition(of table: String) -> Statement? {
        table == "follower" ? "name <> \(SearchFollower().name)" : nil
    }
}
