package view

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"interceptlog/web/assets"
)

// TestEverySymbolIsDrawn holds the words against the sprite that the build made.
func TestEverySymbolIsDrawn(t *testing.T) {
	w := httptest.NewRecorder()
	assets.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, assets.Path("symbols.svg"), nil))
	if w.Code != http.StatusOK {
		t.Fatalf("no sprite: %d %s", w.Code, w.Body)
	}
	sprite := w.Body.String()
	for _, side := range sideWords {
		for _, task := range taskWords {
			if id := (Symbol{Side: side.Value, Task: task.Value}).id(); !strings.Contains(sprite, `<symbol id="`+id+`"`) {
				t.Errorf("%s is not drawn", id)
			}
		}
	}
	if strings.Contains(sprite, "#") || strings.Contains(sprite, "rgb(") || strings.Contains(sprite, "black") || strings.Contains(sprite, "white") {
		t.Error("the sprite has colours of its own, which no theme can change")
	}
}
