import Foundation
import Storage
import Testing

struct JSONWriterTests {
    @Test(arguments: [
        "", "在吗", "a\"b\\c/d", "line\nbreak\r\ttab", "\u{0}\u{1}\u{8}\u{B}\u{C}\u{1F}\u{7F}",
        "👋🏽 é e\u{301}",
        "\u{2028}\u{2029}\u{FEFF}", "</script>", String(repeating: "长", count: 5000),
    ])
    func `any text comes back equal`(text: String) throws {
        var json = JSONWriter(capacity: 1)
        json.beginObject()
        json.field("text", text)
        json.key(quoting: text)
        json.bool(true)
        json.endObject()
        let value = try JSONSerialization.jsonObject(with: Data(json.text.utf8)) as? [String: Any]
        #expect(value?["text"] as? String == text)
        if text != "text" { #expect(value?[text] as? Bool == true) }
    }

    @Test(arguments: [0, 1, 9, 10, -1, -10, 1_790_000_000_000, Int64.max, Int64.min])
    func `any number comes back equal`(number: Int64) throws {
        var json = JSONWriter()
        json.beginArray()
        json.number(number)
        json.number(Int(number))
        json.number(UInt64(number.magnitude))
        json.endArray()
        #expect(json.text == "[\(number),\(number),\(number.magnitude)]")
    }

    @Test func `commas stand between values and nowhere else`() {
        var json = JSONWriter()
        json.beginObject()
        json.field("a", 1)
        json.key("b")
        json.beginArray()
        json.beginObject()
        json.endObject()
        json.raw("[1,2]")
        json.null()
        json.endArray()
        json.field("c", nil as String?)
        json.field("d", nil as Int?)
        json.field("e", bool: false)
        json.endObject()
        #expect(json.text == #"{"a":1,"b":[{},[1,2],null],"c":null,"d":null,"e":false}"#)
    }
}
