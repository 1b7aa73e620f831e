package aircraft

import (
	"strings"
	"sync"
	"unicode"
)

// foldRune gives a rune as names are compared by: letters in lower case without
// the accents met in them, digits, and 0 for everything else.
func foldRune(r rune) rune {
	switch {
	case r < 0x80 && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9'):
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < 0x80:
		return 0
	case r == 'é' || r == 'É':
		return 'e'
	case r == 'ı':
		return 'i'
	case unicode.IsLetter(r):
		return unicode.ToLower(r)
	}
	return 0
}

// name is what a folded key stands for in running text.
type name struct {
	types []int // indexes of All, the first is meant unless more is said
	model bool  // has digits: Tu-95, not Bear
	plain bool  // also an English word: Bear
}

// nameTable finds a folded name. Designators are in it too.
var nameTable = sync.OnceValue(func() map[string]*name {
	names := map[string]*name{}
	add := func(text string, i int) {
		key := fold(text)
		if key == "" || key == "zzzz" {
			return
		}
		n := names[key]
		if n == nil {
			n = &name{model: strings.ContainsAny(key, "0123456789"), plain: plainWords[key]}
			names[key] = n
		}
		for _, have := range n.types {
			if have == i {
				return
			}
		}
		n.types = append(n.types, i)
	}
	for i, t := range table() {
		add(t.Name, i)
		for _, n := range t.Names {
			add(n, i)
		}
		add(t.Reporting, i)
	}
	for i, t := range table() {
		add(t.Designator, i)
	}
	return names
})

// beginnings are the first two bytes of all folded names.
var beginnings = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for k := range nameTable() {
		set[k[:min(2, len(k))]] = true
	}
	return set
})

// begins reports whether a name may begin with the folded word.
func begins(key string) bool {
	return len(key) == 1 || len(key) > 1 && beginnings()[key[:2]]
}

// longestKey is how many bytes the longest folded name has.
var longestKey = sync.OnceValue(func() int {
	most := 0
	for k := range nameTable() {
		most = max(most, len(k))
	}
	return most
})

// plainWords are names that are words in their own right: a text means the
// aircraft only when something beside the word says so.
var plainWords = wordSet(`fencer frogfoot flanker fullback felon fitter fishbed flogger foxbat fulcrum
	bear blackjack backfire badger crusty careless coot may classic candid midas maxdome camber mainstay mail cub cock
	condor coke curl clank cline coaler colt codling clobber mitten hip haze hind halo havoc hoplite hormone helix hokum
	alligator ruslan orlan forpost pacer gerbera lancer spirit eagle viper hornet raptor lightning phantom warthog typhoon
	tornado mirage harrier growler hawk airseeker pegasus extender voyager phenix polaris sentry wedgetail hawkeye
	poseidon orion aries aurora artemis sentinel guardrail shadowr1 hercules galaxy globemaster atlas spartan bryza
	reaper protector skyguardian seaguardian predator triton heron harfang chinook apache cougar caracal dauphin panther
	puma griffon tiger tigre osprey lynx wildcat merlin caiman sealion seaking blackhawk seahawk grayeagle ravendragon
	albatros turbolet superjet skytruck kingair guardian bacn dragonlady peaceeagle whiteswan antheus chayka
	a220 a310 a319 a320 a321 a330 a350`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
