/// The colour profile of a JPEG, carried over when the image has to be drawn anew: phones store
/// colours that look dull without it.
package enum ColourProfile {
    /// Longest profile kept; displays need a few hundred bytes, printers' tables need megabytes.
    private static let longest = 64 << 10

    /// The profile's segments as they stand in the file; empty when there is none for RGB.
    package static func segments(ofJPEG file: [UInt8]) -> [UInt8] {
        var found: [UInt8] = []
        var place = 2
        while place + 4 <= file.count, file[place] == 0xFF, file[place + 1] != 0xDA {
            let length = file[place...].big(2, 2) + 2
            guard place + length <= file.count else { break }
            let body = file[(place + 4)..<max(place + 4, place + length)]
            if file[place + 1] == 0xE2, body.starts(with: "ICC_PROFILE\0".utf8) {
                found += file[place..<(place + length)]
            }
            place += length
        }
        // After the segment's head of 18 bytes the profile tells its colour space at byte 16 (ICC.1,
        // 7.2.6); one for CMYK would spoil what was drawn in RGB.
        let space = found.dropFirst(18 + 16).prefix(4)
        return space.elementsEqual("RGB ".utf8) && found.count <= longest ? found : []
    }

    /// Puts profile segments into a JPEG that has none, behind its first segment.
    package static func add(_ segments: [UInt8], toJPEG file: [UInt8]) -> [UInt8] {
        guard !segments.isEmpty, file.count > 4, file.starts(with: [0xFF, 0xD8]) else {
            return file
        }
        let behindJFIF = file[3] == 0xE0 ? 4 + file[4...].big(0, 2) : 2
        guard behindJFIF <= file.count else { return file }
        return Array(file[..<behindJFIF]) + segments + Array(file[behindJFIF...])
    }
}
