import CGD

/// A simple picture that the program draws itself: flat shapes on paper.
///
/// Drawn twice as large and made smaller at the end, so that edges are smooth.
package final class Sketch {
    private static let fine = 2
    private let image: gdImagePtr
    private let side: Int

    /// - Parameters:
    ///   - side: of the square, in pixels.
    ///   - paper: 0xRRGGBB.
    package init?(side: Int, paper: Int) {
        let large = Int32(side * Self.fine)
        guard let image = gdImageCreateTrueColor(large, large) else { return nil }
        self.image = image
        self.side = side
        // Every colour is opaque; mixing them with what is below would only take time.
        gdImageAlphaBlending(image, 0)
        gdImageFilledRectangle(image, 0, 0, large, large, Int32(paper))
    }

    deinit { gdImageDestroy(image) }

    /// Places are in thousandths of the side.
    private func place(_ value: Int) -> Int32 { Int32(value * side * Self.fine / 1_000) }

    package func ellipse(x: Int, y: Int, width: Int, height: Int, _ colour: Int) {
        gdImageFilledEllipse(
            image, place(x), place(y), place(width), place(height), Int32(colour))
    }

    package func box(x: Int, y: Int, width: Int, height: Int, _ colour: Int, round: Int = 0) {
        let edge = min(round, width / 2, height / 2)
        if edge == 0 {
            gdImageFilledRectangle(
                image, place(x), place(y), place(x + width), place(y + height), Int32(colour))
            return
        }
        box(x: x + edge, y: y, width: width - 2 * edge, height: height, colour)
        box(x: x, y: y + edge, width: width, height: height - 2 * edge, colour)
        for (cornerX, cornerY) in [
            (x + edge, y + edge), (x + width - edge, y + edge), (x + edge, y + height - edge),
            (x + width - edge, y + height - edge),
        ] {
            ellipse(x: cornerX, y: cornerY, width: 2 * edge, height: 2 * edge, colour)
        }
    }

    package func shape(_ points: [(Int, Int)], _ colour: Int) {
        var corners = points.map { gdPoint(x: place($0.0), y: place($0.1)) }
        corners.withUnsafeMutableBufferPointer {
            gdImageFilledPolygon(image, $0.baseAddress, Int32($0.count), Int32(colour))
        }
    }

    package func arc(
        x: Int, y: Int, width: Int, height: Int, from: Int, to: Int, thick: Int, _ colour: Int
    ) {
        gdImageSetThickness(image, place(thick))
        gdImageArc(
            image, place(x), place(y), place(width), place(height), Int32(from), Int32(to),
            Int32(colour))
    }

    /// JPEG; empty when there is no memory for it.
    package func jpeg(quality: Int = 82) -> [UInt8] {
        guard let small = gdImageCreateTrueColor(Int32(side), Int32(side)) else { return [] }
        defer { gdImageDestroy(small) }
        let large = Int32(side * Self.fine)
        gdImageCopyResampled(small, image, 0, 0, 0, 0, Int32(side), Int32(side), large, large)
        var size: Int32 = 0
        guard let bytes = gdImageJpegPtr(small, &size, Int32(quality)) else { return [] }
        defer { gdFree(bytes) }
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(size)))
    }
}
