import ArgumentParser
import Foundation
@main struct Qinke: ParsableCommand { func run() { print(("客服张三丰 重庆" as NSString).applyingTransform(.mandarinToLatin, reverse: false) ?? "nil") } }
