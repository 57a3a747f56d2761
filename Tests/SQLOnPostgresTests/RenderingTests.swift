import Testing

@testable import SQLOnPostgres

@Suite struct RenderingTests {
    @Test(arguments: [
        ("SELECT 1", "SELECT 1"),
        ("SELECT ? WHERE a = ? AND b IN (?,?)", "SELECT $1 WHERE a = $2 AND b IN ($3,$4)"),
        ("SELECT 'what?' WHERE a = ?", "SELECT 'what?' WHERE a = $1"),
        ("SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"),
        ("SELECT \"odd?\" FROM t WHERE a = ?", "SELECT \"odd?\" FROM t WHERE a = $1"),
        ("SELECT ? -- why?\n, ?", "SELECT $1 -- why?\n, $2"),
        ("SELECT /* ? */ ?", "SELECT /* ? */ $1"),
        ("SELECT $$ ? $$, $a$ ? $$ ? $a$, ?", "SELECT $$ ? $$, $a$ ? $$ ? $a$, $1"),
        ("SELECT a - ? / ?", "SELECT a - $1 / $2"),
        ("SELECT '退款？' || ?", "SELECT '退款？' || $1"),
        ("SELECT 'open ?", "SELECT 'open ?"),
    ])
    func `every place for a value gets its number, and nothing else does`(
        text: String, wanted: String
    ) {
        #expect(Rendering.numbered(text) == wanted)
    }
}
