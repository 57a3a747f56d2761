import Testing

@testable import Desk

struct FileKindTests {
    private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    @Test(
        arguments: [
            ([0xFF, 0xD8, 0xFF, 0xE1], "a.jpg", .jpeg),
            ([0xFF, 0xD8, 0xFF, 0xE1], "a.txt", .jpeg),
            ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "a", .png),
            (bytes("GIF89a..."), "a", .gif),
            (bytes("RIFF\u{0}\u{0}\u{0}\u{0}WEBPVP8 "), "a", .webp),
            (bytes("RIFF\u{0}\u{0}\u{0}\u{0}WAVEfmt "), "a", .wav),
            ([0, 0, 0, 24] + bytes("ftypheic"), "a.jpg", .heic),
            ([0, 0, 0, 24] + bytes("ftypmif1"), "a.jpg", .heic),
            ([0, 0, 0, 24] + bytes("ftypavif"), "a.jpg", .avif),
            ([0, 0, 0, 24] + bytes("ftypisom"), "a.mp4", .mp4),
            ([0, 0, 0, 24] + bytes("ftypqt  "), "a.mov", .mov),
            (bytes("%PDF-1.7"), "a.pdf", .pdf),
            (
                [0x50, 0x4B, 3, 4] + bytes("....[Content_Types].xml...word/document.xml"), "a",
                .docx
            ),
            ([0x50, 0x4B, 3, 4] + bytes("....[Content_Types].xml...xl/workbook.xml"), "a", .xlsx),
            ([0x50, 0x4B, 3, 4] + bytes("....xl/vbaProject.bin"), "a.xlsx", .executable),
            ([0x50, 0x4B, 3, 4] + bytes("....photo.jpg"), "a.zip", .zip),
            ([0x50, 0x4B, 3, 4] + bytes("....AndroidManifest.xml"), "a.zip", .executable),
            ([0x50, 0x4B, 3, 4] + bytes("...."), "setup.apk", .executable),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "订单.xls", .oldOffice),
            (bytes("MZ\u{90}"), "photo.jpg", .executable),
            ([0x7F, 0x45, 0x4C, 0x46], "a", .executable),
            (bytes("#!/bin/sh\nrm -rf ~"), "a.txt", .executable),
            (bytes("echo hello"), "a.bat", .executable),
            (bytes("echo hello"), "a.BAT. ", .executable),
            (bytes("订单号,金额\n1,2\n"), "orders.csv", .csv),
            (bytes("你好"), "a.txt", .text),
            ([0xC4, 0xE3, 0xBA, 0xC3], "gbk.txt", .text),
            ([0xC4, 0xE3, 0xBA, 0xC3, 0x2C, 0x31], "gbk.csv", .csv),
            ([0xFF, 0xFE, 0x60, 0x4F], "utf16.txt", .text),
            (bytes("<!DOCTYPE HTML><p>"), "a.txt", .html),
            (bytes("  <script>alert(1)</script>"), "a.csv", .html),
            (bytes("plain"), "a.html", .html),
            (bytes("<?xml version='1.0'?><svg onload='x'>"), "a.png", .svg),
            (bytes("<?xml version='1.0'?><a/>"), "a", .xml),
            ([0x00, 0x01, 0x02, 0x03], "a.jpg", .unknown),
            ([0x41, 0x00, 0x42], "a.txt", .unknown),
            ([], "a.txt", .unknown),
        ] as [([UInt8], String, FileKind)])
    func `The kind is found from the bytes, not from the name`(
        head: [UInt8], name: String, kind: FileKind
    ) {
        #expect(FileKind(head: head, name: name) == kind)
    }

    @Test
    func `A character cut off where the head ends does not make a text unknown`() {
        let text = Array(String(repeating: "好", count: 3000).utf8)
        #expect(FileKind.headLength % 3 != 0)
        #expect(FileKind(head: text, name: "a.txt") == .text)
        #expect(TextEncoding(of: text.prefix(FileKind.headLength)) == .utf8)
    }

    @Test
    func `Only four kinds are shown, and nothing that can hold a script is`() {
        #expect(Set(FileKind.allCases.filter(\.isImage)) == [.jpeg, .png, .gif, .webp])
        for kind in [FileKind.html, .svg, .xml] {
            #expect(kind.treatment == .download)
            #expect(kind.mediaType == "application/octet-stream")
        }
        for kind in [FileKind.executable, .unknown, .heic, .avif] {
            #expect(kind.treatment == .refused)
        }
    }

    @Test(
        arguments: [
            (.jpeg, 20 << 20, nil), (.jpeg, (20 << 20) + 1, "upload.tooLarge"),
            (.jpeg, 0, "upload.empty"),
            (.heic, 5, "upload.phoneImage"), (.executable, 5, "upload.executable"),
            (.unknown, 5, "upload.unsupported"), (.html, 5, nil), (.mp4, 100 << 20, nil),
        ] as [(FileKind, Int, String?)])
    func `What is refused says why in both languages and what to do instead`(
        kind: FileKind, size: Int, code: String?
    ) {
        var refusal: Refusal?
        do throws(Refusal) {
            try kind.admit(size: size, limits: UploadLimits())
        } catch {
            refusal = error
        }
        #expect(refusal?.code == code)
        if let refusal {
            #expect(!refusal.message.zh.isEmpty && !refusal.message.en.isEmpty)
            #expect(refusal.instead != nil)
        }
    }
}

struct FileNameTests {
    @Test(
        arguments: [
            ("照片.jpg", .jpeg, "照片.jpg"),
            ("照片.JPEG", .jpeg, "照片.jpeg"),
            ("../../etc/passwd", .text, "passwd.txt"),
            ("C:\\Users\\me\\订单.xlsx", .xlsx, "订单.xlsx"),
            ("evil\u{202E}gpj.exe", .jpeg, "evilgpj.exe.jpg"),
            ("photo.html", .jpeg, "photo.html.jpg"),
            ("a\u{0}b\nc.png", .png, "abc.png"),
            ("a<b>:c|?*.png", .png, "abc.png"),
            ("   .hidden", .text, "hidden.txt"),
            ("", .png, "图片.png"),
            ("...", .pdf, "文件.pdf"),
            ("CON.pdf", .pdf, "文件.pdf"),
            ("说明", .html, "说明.html"),
            ("two  spaces .txt", .text, "two spaces.txt"),
        ] as [(String, FileKind, String)])
    func `Names are made harmless and end in what they are`(
        name: String, kind: FileKind, clean: String
    ) {
        #expect(FileName.clean(name, kind: kind) == clean)
    }

    @Test
    func `A long name keeps its ending and whole characters`() {
        let name = FileName.clean(String(repeating: "长", count: 300) + ".pdf", kind: .pdf)
        #expect(name.utf8.count <= FileName.longest)
        #expect(name.hasSuffix("长.pdf"))
    }

    @Test
    func `The disposition gives the name in two ways and cannot be broken out of`() {
        let header = FileName.disposition("收据\"\r\n%.pdf", inline: false)
        #expect(header.hasPrefix("attachment; filename=\"__"))
        #expect(header.hasSuffix("filename*=UTF-8''%E6%94%B6%E6%8D%AE%22%0D%0A%25.pdf"))
        #expect(FileName.disposition("a.png", inline: true).hasPrefix("inline;"))
    }
}
