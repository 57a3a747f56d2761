import Images

/// Draws the pictures of the demonstration's goods.
enum DemoPicture {
    /// A paper, a main colour, its shadow and a colour beside it; one for each design.
    private static let palettes: [(paper: Int, main: Int, dark: Int, other: Int)] = [
        (0xf4efe4, 0x7a9b6e, 0x5a7a50, 0xd9b36a), (0xeef4ec, 0x9cc48c, 0x749e66, 0xf0d9a0),
        (0xeff3f7, 0xcfdbe6, 0xa2b6c8, 0xf3b8b0), (0xe8f2f4, 0x6fb0bf, 0x4a8b9b, 0xf4e3c2),
        (0xecefe9, 0x5d7f6a, 0x43604e, 0xc9a27c), (0xfbf4df, 0xe4b94f, 0xbd9430, 0x9a6b3c),
        (0xf5f6f8, 0xe3e7ec, 0xb9c1cb, 0x8fb3d1), (0xfaf0f2, 0xe3a3b0, 0xc27c8b, 0xf5dfc9),
        (0xe9e9f3, 0x56608f, 0x3c446b, 0xf0cf73), (0xf3f4e6, 0xb7b95a, 0x8e9040, 0xe08a5b),
        (0xeef2f1, 0xa9bfbb, 0x7f9a95, 0xdcc9ad), (0xf8eeee, 0xa4455a, 0x7d3143, 0x6b8f5b),
    ]

    /// Of the square, in pixels.
    static let side = 320

    /// JPEG.
    static func draw(_ family: DemoFamily, design: Int) -> [UInt8] {
        let colours = palettes[design % palettes.count]
        guard let sketch = Sketch(side: side, paper: colours.paper) else { return [] }
        let pen = Pen(sketch: sketch, main: colours.main, dark: colours.dark, other: colours.other)
        // The table that it stands on, and its shadow.
        sketch.box(x: 0, y: 780, width: 1_000, height: 220, blend(colours.paper, colours.dark))
        sketch.ellipse(x: 500, y: 800, width: 560, height: 70, blend(colours.dark, colours.paper))
        pen.draw(family.shape)
        pen.pattern(design)
        return sketch.jpeg()
    }

    /// A quarter of the second colour in the first.
    private static func blend(_ a: Int, _ b: Int) -> Int {
        var mixed = 0
        for shift in [16, 8, 0] {
            mixed |= (((a >> shift) & 255) * 3 + ((b >> shift) & 255)) / 4 << shift
        }
        return mixed
    }
}

private struct Pen {
    let sketch: Sketch
    let main: Int
    let dark: Int
    let other: Int

    /// A few marks that tell the designs apart.
    func pattern(_ design: Int) {
        for index in 0..<(2 + design % 4) {
            let x = 420 + index * 55
            let y = 560 + (index * 37 + design * 23) % 110
            if design % 2 == 0 {
                sketch.ellipse(x: x, y: y, width: 34, height: 34, other)
            } else {
                sketch.shape([(x, y - 20), (x + 18, y + 14), (x - 18, y + 14)], other)
            }
        }
    }

    func draw(_ shape: DemoFamily.Shape) {
        switch shape {
        case .towel, .pillow, .scarf: cloth(shape)
        case .cup, .bowl, .teapot, .vase: clay(shape)
        case .tin, .jar, .bag, .box, .candle, .lamp: pack(shape)
        case .dress, .shirt, .coat, .sock, .hat, .bib: wear(shape)
        case .book, .notebook, .ball, .fruit, .umbrella: other(shape)
        }
    }

    private func cloth(_ shape: DemoFamily.Shape) {
        switch shape {
        case .pillow:
            sketch.box(x: 200, y: 430, width: 600, height: 360, dark, round: 150)
            sketch.box(x: 210, y: 415, width: 580, height: 350, main, round: 150)
        case .scarf:
            sketch.arc(x: 500, y: 330, width: 330, height: 330, from: 0, to: 360, thick: 110, main)
            sketch.shape([(430, 470), (560, 470), (620, 800), (470, 800)], dark)
            for index in 0..<6 {
                sketch.box(x: 475 + index * 25, y: 800, width: 10, height: 40, dark)
            }
        default:
            for layer in 0..<4 {
                sketch.box(
                    x: 230, y: 640 - layer * 105, width: 540, height: 120,
                    layer % 2 == 0 ? main : dark, round: 45)
            }
            sketch.box(x: 640, y: 325, width: 40, height: 435, other)
        }
    }

    private func clay(_ shape: DemoFamily.Shape) {
        switch shape {
        case .cup:
            sketch.arc(x: 690, y: 540, width: 220, height: 230, from: 270, to: 90, thick: 46, dark)
            sketch.box(x: 310, y: 380, width: 380, height: 410, main, round: 60)
            sketch.ellipse(x: 500, y: 392, width: 380, height: 90, dark)
        case .bowl:
            sketch.shape([(220, 430), (780, 430), (640, 770), (360, 770)], main)
            sketch.ellipse(x: 500, y: 432, width: 560, height: 120, dark)
            sketch.box(x: 410, y: 760, width: 180, height: 36, dark)
        case .teapot:
            sketch.arc(x: 500, y: 330, width: 420, height: 360, from: 190, to: 350, thick: 34, dark)
            sketch.shape([(690, 520), (880, 420), (850, 400), (660, 470)], dark)
            sketch.ellipse(x: 490, y: 590, width: 500, height: 400, main)
            sketch.ellipse(x: 490, y: 410, width: 230, height: 60, dark)
            sketch.ellipse(x: 490, y: 370, width: 56, height: 56, other)
        default:
            sketch.shape([(430, 300), (570, 300), (560, 430), (440, 430)], main)
            sketch.ellipse(x: 500, y: 590, width: 360, height: 400, main)
            sketch.ellipse(x: 500, y: 300, width: 150, height: 40, dark)
            for (x, y) in [(420, 190), (500, 140), (590, 200)] {
                sketch.shape([(500, 300), (x - 6, y), (x + 6, y)], dark)
                sketch.ellipse(x: x, y: y, width: 80, height: 80, other)
            }
        }
    }

    private func pack(_ shape: DemoFamily.Shape) {
        switch shape {
        case .tin, .jar:
            sketch.box(
                x: 330, y: 340, width: 340, height: 450, main, round: shape == .jar ? 90 : 24)
            sketch.box(x: 345, y: 270, width: 310, height: 90, dark, round: 24)
            sketch.box(x: 370, y: 470, width: 260, height: 200, 0xfaf8f2, round: 14)
        case .bag:
            sketch.shape([(300, 330), (700, 330), (740, 790), (260, 790)], main)
            sketch.box(x: 300, y: 280, width: 400, height: 60, dark)
            sketch.ellipse(x: 500, y: 560, width: 260, height: 260, 0xfaf8f2)
        case .box:
            sketch.box(x: 240, y: 440, width: 520, height: 350, main, round: 20)
            sketch.box(x: 215, y: 390, width: 570, height: 90, dark, round: 20)
            sketch.box(x: 430, y: 520, width: 140, height: 40, 0xfaf8f2, round: 20)
        case .candle:
            sketch.shape([(500, 210), (535, 300), (500, 350), (465, 300)], other)
            sketch.box(x: 494, y: 340, width: 12, height: 60, 0x4a4038)
            sketch.box(x: 350, y: 390, width: 300, height: 400, main, round: 30)
            sketch.ellipse(x: 500, y: 400, width: 290, height: 56, dark)
            sketch.box(x: 390, y: 520, width: 220, height: 170, 0xfaf8f2, round: 10)
        default:
            sketch.box(x: 485, y: 520, width: 30, height: 240, dark)
            sketch.ellipse(x: 500, y: 775, width: 280, height: 60, dark)
            sketch.shape([(400, 260), (600, 260), (720, 540), (280, 540)], main)
            sketch.ellipse(x: 500, y: 540, width: 440, height: 50, other)
        }
    }

    private func wear(_ shape: DemoFamily.Shape) {
        switch shape {
        case .dress:
            sketch.shape(
                [(410, 230), (590, 230), (580, 470), (730, 800), (270, 800), (420, 470)], main)
            sketch.box(x: 415, y: 455, width: 170, height: 34, other)
            sketch.ellipse(x: 500, y: 232, width: 110, height: 60, dark)
        case .shirt:
            sketch.shape(
                [
                    (380, 270), (620, 270), (790, 390), (710, 490), (660, 450), (660, 790),
                    (340, 790), (340, 450), (290, 490), (210, 390),
                ], main)
            sketch.ellipse(x: 500, y: 275, width: 150, height: 80, dark)
        case .coat:
            sketch.shape(
                [
                    (390, 230), (610, 230), (770, 330), (740, 620), (670, 610), (680, 820),
                    (320, 820), (330, 610), (260, 620), (230, 330),
                ], main)
            sketch.shape([(440, 230), (500, 420), (500, 820), (480, 820)], dark)
            for index in 0..<3 {
                sketch.ellipse(x: 545, y: 470 + index * 90, width: 32, height: 32, other)
            }
        case .sock:
            for (x, colour) in [(330, dark), (430, main)] {
                sketch.box(x: x, y: 280, width: 150, height: 380, colour, round: 30)
                sketch.box(x: x, y: 590, width: 300, height: 150, colour, round: 70)
                sketch.box(x: x, y: 300, width: 150, height: 40, other)
            }
        case .hat:
            sketch.ellipse(x: 500, y: 690, width: 660, height: 170, dark)
            sketch.shape([(360, 400), (640, 400), (700, 690), (300, 690)], main)
            sketch.ellipse(x: 500, y: 405, width: 280, height: 80, main)
            sketch.box(x: 318, y: 610, width: 364, height: 46, other)
        default:
            sketch.ellipse(x: 500, y: 560, width: 520, height: 480, main)
            sketch.ellipse(x: 500, y: 380, width: 230, height: 210, 0xf4efe4)
            sketch.arc(x: 500, y: 560, width: 470, height: 430, from: 20, to: 160, thick: 18, dark)
        }
    }

    private func other(_ shape: DemoFamily.Shape) {
        switch shape {
        case .book, .notebook:
            sketch.box(x: 310, y: 250, width: 400, height: 540, dark, round: 20)
            sketch.box(x: 290, y: 235, width: 400, height: 540, main, round: 20)
            sketch.box(x: 290, y: 235, width: 50, height: 540, dark, round: 10)
            sketch.box(x: 400, y: 340, width: 230, height: 120, 0xfaf8f2, round: 10)
        case .ball:
            sketch.ellipse(x: 500, y: 560, width: 470, height: 470, main)
            sketch.ellipse(x: 430, y: 480, width: 150, height: 150, other)
            sketch.ellipse(x: 590, y: 600, width: 120, height: 120, dark)
            sketch.ellipse(x: 450, y: 690, width: 90, height: 90, other)
        case .fruit:
            for (x, y) in [(380, 640), (620, 640), (500, 520)] {
                sketch.ellipse(x: x, y: y, width: 260, height: 250, main)
                sketch.box(x: x - 6, y: y - 170, width: 12, height: 60, 0x6b4f34)
                sketch.ellipse(x: x + 50, y: y - 150, width: 90, height: 40, other)
            }
        default:
            sketch.box(x: 490, y: 300, width: 20, height: 430, 0x5b4a3c)
            sketch.arc(
                x: 540, y: 730, width: 90, height: 110, from: 0, to: 180, thick: 22, 0x5b4a3c)
            sketch.arc(x: 500, y: 520, width: 1, height: 1, from: 0, to: 1, thick: 1, main)
            sketch.shape(
                [
                    (170, 520), (220, 380), (330, 280), (500, 240), (670, 280), (780, 380),
                    (830, 520),
                ], main)
            sketch.shape([(390, 520), (430, 300), (500, 240), (570, 300), (610, 520)], dark)
        }
    }
}
