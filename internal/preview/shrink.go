package preview

import (
	"image"
	"image/color"
)

// samples is how many points a side are looked at for one pixel: enough that
// thin lines do not vanish, and as many for a large picture as for a small one.
const samples = 6

// shrink gives the picture with no side longer than most; a smaller picture
// keeps its size.
func shrink(from image.Image, most int) *image.NRGBA {
	b := from.Bounds()
	w, h := fit(b.Dx(), b.Dy(), most)
	to := image.NewNRGBA(image.Rect(0, 0, w, h))
	xs, ys := points(b.Min.X, b.Dx(), w), points(b.Min.Y, b.Dy(), h)
	at := colours(from)
	for y := range h {
		for x := range w {
			to.SetRGBA64(x, y, mean(at, xs[x], ys[y]))
		}
	}
	return to
}

// fit scales a size so that its longer side is most, if it was longer.
func fit(w, h, most int) (int, int) {
	if long := max(w, h); long > most {
		return max(1, (w*most+long/2)/long), max(1, (h*most+long/2)/long)
	}
	return w, h
}

// points gives for each of n pixels the places on a side of the given length
// that are looked at for it.
func points(start, length, n int) [][]int {
	all := make([][]int, n)
	for i := range n {
		from, to := i*length/n, (i+1)*length/n
		to = max(to, from+1)
		k := min(samples, to-from)
		for j := range k {
			all[i] = append(all[i], start+from+(2*j+1)*(to-from)/(2*k))
		}
	}
	return all
}

// colours gives the quickest way to ask a picture for a pixel.
func colours(m image.Image) func(x, y int) color.RGBA64 {
	if quick, ok := m.(image.RGBA64Image); ok {
		return quick.RGBA64At
	}
	return func(x, y int) color.RGBA64 {
		r, g, b, a := m.At(x, y).RGBA()
		return color.RGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: uint16(a)}
	}
}

// mean is the mean colour of the points. Colours are
// premultiplied, so that what cannot be seen does not count.
func mean(at func(x, y int) color.RGBA64, xs, ys []int) color.RGBA64 {
	var r, g, b, a, n uint64
	for _, y := range ys {
		for _, x := range xs {
			c := at(x, y)
			r, g, b, a, n = r+uint64(c.R), g+uint64(c.G), b+uint64(c.B), a+uint64(c.A), n+1
		}
	}
	return color.RGBA64{R: uint16(r / n), G: uint16(g / n), B: uint16(b / n), A: uint16(a / n)}
}
