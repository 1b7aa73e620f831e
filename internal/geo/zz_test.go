package geo
import ("testing";"fmt")
func TestTry(t *testing.T){
 for _, s := range []string{"58.9N 022.5E","58.9, 22.5","N58.9 E22.5","58,9N 22,5E","58,9 22,5","-58.9 22.5","5854N 02230E","58°54.6'N 022°30.2'E","58 54.6 N 022 30.2 E","59N022E","5854N02230E","585412N0223005E","58°54'12\"N 022°30'05\"E","58°54′12″n 022°30′05″e","5512N 19848E","9512N 01848E","5872N 02230E","5854N 2230E","02230N 5854E","122.5 58.9","58.9N 22.5","58.9","hello","","58N 22N","22.5E 58.9N","58.9N 22.5E → 59N 23E to 60N 24E","area 58N 22E; 59N 22E; 59N 23E","{\"type\":\"Point\",\"coordinates\":[1,2]}","58 54 60 N 22 E","58.5 30 N 022 E","-58.9S 22E","5854N02230E 5912N02400E","5854N 02230E 5912N 02400E","5854 02230","58:54:12N 22:30:05E","54 30,5N 018 40,2E","58/22","58.9,22.5","N58 22E","58,22","58.9N, 22.5E"} {
  r, err := ReadPosition(s)
  fmt.Printf("%-40q %v %v %v %.3f %v ERR %v\n", s, r.Geometry, r.Notation, r.Text, r.UncertaintyNM, r.Warnings, err)
 }
 a := Default()
 for _, r := range a.Regions() { fmt.Println(r.ID, r.View, r.FIRs, r.Projection.Name(), r.Projection.Proj4()) }
}
