import Connectors
import Desk
import Foundation
import Testing

@Suite struct `Tracking services` {
    @Test func `are asked with MD5 of question, key and customer in capitals`() {
        #expect(
            TrackingSign.query(param: "a", key: "b", customer: "c")
                == "900150983CD24FB0D6963F7D28E17F72")
        #expect(TrackingSign.push(param: "ab", salt: "c") == "900150983CD24FB0D6963F7D28E17F72")
        #expect(
            TrackingSign.isSame(
                "900150983cd24fb0d6963f7d28e17f72", "900150983CD24FB0D6963F7D28E17F72"))
        #expect(
            !TrackingSign.isSame(
                "900150983cd24fb0d6963f7d28e17f7", "900150983CD24FB0D6963F7D28E17F72"))
    }

    private static let reply = #"""
        {"message":"ok","nu":"78123456789012","com":"zhongtong","state":"3","status":"200","data":[
        {"time":"2026-11-20 18:00:05","ftime":"2026-11-20 18:00:05","context":"【深圳市】已签收","status":"签收"},
        {"time":"2026-11-19 08:00:00","context":"【深圳市】派送中","statusCode":"5"},
        {"time":"2026-11-18 08:00:00","context":"到达【深圳市】","areaName":"广东,深圳市"},
        {"time":"nonsense","context":"?"},
        {"time":"2026-11-17 08:00","context":"【杭州市】已揽收","status":"揽收"}]}
        """#

    @Test func `answer with events in our one set`() throws {
        let reply = try TrackingReply(Data(Self.reply.utf8))
        #expect(reply.carrier == "zhongtong" && reply.waybill == "78123456789012")
        #expect(reply.events.map(\.status) == [.delivered, .outForDelivery, .inTransit, .pickedUp])
        // 18:00:05 in China is 10:00:05 UTC.
        #expect(reply.events.first?.at == Instant(milliseconds: 1_795_168_805_000))
        #expect(reply.events[2].location == "广东,深圳市")
    }

    @Test func `refuse in words`() {
        let refused = #"{"result":false,"returnCode":"503","message":"验证签名失败"}"#
        #expect(throws: TrackingReply.Refused(code: "503", message: "验证签名失败")) {
            try TrackingReply(Data(refused.utf8))
        }
        #expect(throws: DecodingError.self) { try TrackingReply(Data("<html>".utf8)) }
    }

    @Test func `push what only the salt's owner can have signed`() throws {
        let param = #"{"status":"polling","lastResult":\#(Self.reply)}"#
        let sign = TrackingSign.push(param: param, salt: "盐")
        let escaped = try #require(
            param.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        let reply = try TrackingPush.read("sign=\(sign)&param=\(escaped)", salt: "盐")
        #expect(reply.events.count == 4)
        #expect(throws: TrackingPush.Failure.badSignature) {
            try TrackingPush.read("sign=\(sign)&param=\(escaped)", salt: "糖")
        }
        #expect(throws: TrackingPush.Failure.malformed) {
            try TrackingPush.read("param=\(escaped)", salt: "盐")
        }
        #expect(throws: TrackingPush.Failure.malformed) { try TrackingPush.read("", salt: "盐") }
    }
}
